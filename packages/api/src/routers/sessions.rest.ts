import type { RestRoute } from '../rest/rest-route.ts'

const tag = 'Sessions'

const example = {
  id: 'sid_01kq3v7d2m8x5f9b4n6c0h1jtw',
  kind: 'browser',
  ipAddress: '203.0.113.42',
  userAgent: 'Mozilla/5.0...',
  createdAt: '2026-03-01T10:00:00.000Z',
  lastSeenAt: '2026-03-02T09:30:00.000Z',
  expiresAt: '2026-04-01T09:30:00.000Z',
  isCurrent: true,
}

export const sessionRoutes = {
  list: {
    method: 'GET',
    path: '/v1/sessions',
    status: 200,
    tag,
    summary: 'List where you are signed in',
    list: { field: null },
    example: { input: { limit: 50 }, output: [example] },
  },
  end: {
    method: 'DELETE',
    path: '/v1/sessions/:id',
    status: 200,
    tag,
    summary: 'End one of your sessions',
    description: 'Every later request with it fails, on every node.',
    errors: ['session.not_found'],
    example: { input: { id: example.id }, output: { success: true } },
  },
  endOthers: {
    method: 'DELETE',
    path: '/v1/sessions',
    status: 200,
    tag,
    summary: 'End all of your sessions but this one',
    example: { output: { success: true, endedCount: 2 } },
  },
} as const satisfies Record<string, RestRoute>
