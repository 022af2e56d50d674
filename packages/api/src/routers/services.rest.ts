import type { RestRoute } from '../rest/rest-route.ts'

const tag = 'Services'

const example = {
  id: 'svc_01kq3v7d2m8x5f9b4n6c0h1jtw',
  agentId: 'agent_01kq3v7d2m8x5f9b4n6c0h1jtw',
  name: 'prod-db',
  targetHost: 'localhost',
  targetPort: 5432,
  protocol: 'tcp',
  engine: null,
  status: 'active',
  isExternal: false,
  hasCredentials: false,
  createdAt: '2026-03-01T10:00:00.000Z',
  lastCheckedAt: null,
}
const external = { ...example, agentId: null, status: 'unknown', isExternal: true }
const target = { name: 'prod-db', targetHost: 'localhost', targetPort: 5432, protocol: 'tcp' }

export const serviceRoutes = {
  register: {
    method: 'POST',
    path: '/v1/services/register',
    status: 200,
    tag,
    summary: 'Register a service behind an agent',
    description: 'The same name from the same agent updates that service.',
    errors: ['agent.not_found', 'service.name_taken'],
    example: {
      input: { agentId: example.agentId, ...target },
      output: { success: true, service: example },
    },
  },
  registerExternal: {
    method: 'POST',
    path: '/v1/services/external',
    status: 201,
    tag,
    summary: 'Register a service that the hub dials itself',
    errors: ['service.name_taken'],
    example: { input: target, output: { success: true, service: external } },
  },
  list: {
    method: 'GET',
    path: '/v1/services',
    status: 200,
    tag,
    summary: 'List services',
    list: { field: null },
    example: { input: { limit: 50 }, output: [example] },
  },
  get: {
    method: 'GET',
    path: '/v1/services/:id',
    status: 200,
    tag,
    summary: 'Get a service',
    errors: ['service.not_found'],
    example: { input: { id: example.id }, output: example },
  },
} as const satisfies Record<string, RestRoute>
