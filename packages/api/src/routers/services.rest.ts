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
  allowsSelfSigned: false,
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
    description: 'Private addresses only where the hub lists them (ALLOW_PRIVATE_TARGETS).',
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
  update: {
    method: 'PATCH',
    path: '/v1/services/:id',
    status: 200,
    tag,
    summary: 'Change a service',
    description: 'What is left out stays. Whoever uses it is cut off when it leads elsewhere.',
    errors: ['service.not_found', 'service.name_taken'],
    example: {
      input: { id: example.id, targetPort: 5433 },
      output: { success: true, service: { ...example, targetPort: 5433 } },
    },
  },
  delete: {
    method: 'DELETE',
    path: '/v1/services/:id',
    status: 200,
    tag,
    summary: 'Delete a service',
    description: 'At once: its shares end, and whoever uses them is cut off. Logs stay.',
    errors: ['service.not_found'],
    example: { input: { id: example.id }, output: { success: true } },
  },
  setCredentials: {
    method: 'PUT',
    path: '/v1/services/:id/credentials',
    status: 200,
    tag,
    summary: "Set a database service's login",
    description:
      'Encrypted at rest and never answered; hasCredentials says that there is one. The database is asked what the login may do.',
    errors: ['service.not_found', 'query.role_refused'],
    example: {
      input: { id: example.id, username: 'auditor', password: 'correct horse', database: 'shop', tls: true },
      output: { success: true, service: { ...example, hasCredentials: true }, warning: null },
    },
  },
  removeCredentials: {
    method: 'DELETE',
    path: '/v1/services/:id/credentials',
    status: 200,
    tag,
    summary: "Remove a database service's login",
    errors: ['service.not_found'],
    example: { input: { id: example.id }, output: { success: true, service: example } },
  },
  check: {
    method: 'POST',
    path: '/v1/services/:id/check',
    status: 200,
    tag,
    summary: 'Check a service end to end, now',
    description:
      'As a visitor would reach it. Each step is ok, failed or skipped; the service shows its new status.',
    errors: ['service.not_found'],
    example: {
      input: { id: example.id },
      output: {
        success: true,
        check: {
          dns: 'skipped',
          tcp: 'ok',
          tls: 'skipped',
          http: 'ok',
          latencyMs: 4,
          message: 'It answers HTTP with status 200.',
        },
      },
    },
  },
} as const satisfies Record<string, RestRoute>
