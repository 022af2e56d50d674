import type { RestRoute } from '../rest/rest-route.ts'

export const workspaceRoutes = {
  get: {
    method: 'GET',
    path: '/v1/workspace',
    status: 200,
    tag: 'Workspace',
    summary: 'Get the workspace',
    example: {
      output: {
        id: 'ws_01kq3v7d2m8x5f9b4n6c0h1jtw',
        name: 'acme-corp',
        createdAt: '2026-03-01T10:00:00.000Z',
      },
    },
  },
} as const satisfies Record<string, RestRoute>
