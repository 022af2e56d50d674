import type { RestRoute } from '../rest/rest-route.ts'

const tag = 'Agents'

const example = {
  id: 'agent_01kq3v7d2m8x5f9b4n6c0h1jtw',
  name: 'build-laptop',
  label: null,
  isOnline: true,
  lastSeenAt: '2026-03-02T10:00:00.000Z',
  connectedAt: '2026-03-02T09:00:00.000Z',
  version: '0.1.0',
  createdAt: '2026-03-01T10:00:00.000Z',
}
const exampleToken = 'agent_tok_abcdefghijklmnopqrstuvwxyz234567'

export const agentRoutes = {
  register: {
    method: 'POST',
    path: '/v1/agents/register',
    status: 201,
    tag,
    summary: 'Register an agent',
    description: 'Its token is shown this once.',
    example: {
      input: { name: 'build-laptop' },
      output: {
        success: true,
        agent: { ...example, isOnline: false, lastSeenAt: null, connectedAt: null, version: null },
        token: exampleToken,
      },
    },
  },
  list: {
    method: 'GET',
    path: '/v1/agents',
    status: 200,
    tag,
    summary: 'List agents',
    list: { field: null },
    example: { input: { limit: 50 }, output: [example] },
  },
  get: {
    method: 'GET',
    path: '/v1/agents/:id',
    status: 200,
    tag,
    summary: 'Get an agent',
    errors: ['agent.not_found'],
    example: { input: { id: example.id }, output: example },
  },
  rotateToken: {
    method: 'POST',
    path: '/v1/agents/:id/rotate-token',
    status: 200,
    tag,
    summary: "Replace an agent's token",
    description: 'The old token ends at once and its tunnel is cut. The new one is shown this once.',
    errors: ['agent.not_found'],
    example: { input: { id: example.id }, output: { success: true, agent: example, token: exampleToken } },
  },
  delete: {
    method: 'DELETE',
    path: '/v1/agents/:id',
    status: 200,
    tag,
    summary: 'Delete an agent',
    description: 'With its services: its tunnel is cut and their shares end. Logs stay.',
    errors: ['agent.not_found'],
    example: { input: { id: example.id }, output: { success: true } },
  },
} as const satisfies Record<string, RestRoute>
