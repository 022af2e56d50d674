import type { RestRoute } from '../rest/rest-route.ts'

const tag = 'API keys'

const example = {
  id: 'key_01kq3v7d2m8x5f9b4n6c0h1jtw',
  name: 'production-key',
  prefix: 'pc_live_abcd',
  lastUsedAt: '2026-03-02T09:30:00.000Z',
  createdAt: '2026-03-01T10:00:00.000Z',
  isActive: true,
}

export const apiKeyRoutes = {
  create: {
    method: 'POST',
    path: '/v1/api-keys',
    status: 201,
    tag,
    summary: 'Create an API key',
    description: 'The key is shown this once and cannot be retrieved later.',
    example: {
      input: { name: example.name },
      output: {
        id: example.id,
        name: example.name,
        key: 'pc_live_abcdefghijklmnopqrstuvwxyz',
        prefix: example.prefix,
        createdAt: example.createdAt,
      },
    },
  },
  list: {
    method: 'GET',
    path: '/v1/api-keys',
    status: 200,
    tag,
    summary: 'List API keys',
    description: 'Revoked keys too, with isActive false. Keys themselves are never listed.',
    list: { field: null },
    example: { input: { limit: 50 }, output: [example] },
  },
  get: {
    method: 'GET',
    path: '/v1/api-keys/:id',
    status: 200,
    tag,
    summary: "Get an API key's details",
    errors: ['api_key.not_found'],
    example: { input: { id: example.id }, output: { ...example, allowedIpRanges: ['10.0.0.0/8'] } },
  },
  setIpRestrictions: {
    method: 'PUT',
    path: '/v1/api-keys/:id/ip-restrictions',
    status: 200,
    tag,
    summary: 'Restrict an API key to addresses',
    description: 'From its next request on. An empty list allows every address.',
    errors: ['api_key.not_found'],
    example: {
      input: { id: example.id, allowedIpRanges: ['10.0.0.0/8', '192.168.1.0/24'] },
      output: { ...example, allowedIpRanges: ['10.0.0.0/8', '192.168.1.0/24'] },
    },
  },
  revoke: {
    method: 'DELETE',
    path: '/v1/api-keys/:id',
    status: 200,
    tag,
    summary: 'Revoke an API key',
    description: 'Irreversible: every later request with the key fails.',
    errors: ['api_key.not_found'],
    example: { input: { id: example.id }, output: { success: true } },
  },
} as const satisfies Record<string, RestRoute>
