import type { RestRoute } from '../rest/rest-route.ts'

const tag = 'Workspace'

const example = {
  id: 'ws_01kq3v7d2m8x5f9b4n6c0h1jtw',
  name: 'acme-corp',
  policy: {
    maxExpirySeconds: 604_800,
    allowsNeverExpiring: false,
    databasesReadOnly: true,
    hideTarget: false,
  },
  showsBranding: true,
  mailAlerts: { agentOffline: false, shareExpiring: true },
  createdAt: '2026-03-01T10:00:00.000Z',
}

export const workspaceRoutes = {
  get: {
    method: 'GET',
    path: '/v1/workspace',
    status: 200,
    tag,
    summary: 'Get the workspace',
    example: { output: example },
  },
  update: {
    method: 'PATCH',
    path: '/v1/workspace',
    status: 200,
    tag,
    summary: "Change the workspace's name, policy, branding or mail alerts",
    description: 'What is left out stays. The policy holds for shares that are created or changed later.',
    example: {
      input: { policy: { maxExpirySeconds: 604_800, databasesReadOnly: true } },
      output: example,
    },
  },
} as const satisfies Record<string, RestRoute>
