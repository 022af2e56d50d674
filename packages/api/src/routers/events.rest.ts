import type { RestRoute } from '../rest/rest-route.ts'

export const eventRoutes = {
  list: {
    method: 'GET',
    path: '/v1/events',
    status: 200,
    tag: 'Events',
    summary: 'List events',
    description:
      'What happened in the workspace, for seven days; oldest first, unless `order` says otherwise. A program that asks again with the last `seq` ' +
      'as `after` misses nothing and sees nothing twice.',
    list: { field: 'events' },
    example: {
      input: { after: 41, order: 'oldest', limit: 50 },
      output: {
        events: [
          {
            id: 'evt_01kq3v7d2m8x5f9b4n6c0h1jtw',
            seq: 42,
            type: 'share.accessed',
            data: {
              shareId: 'share_01kq3v7d2m8x5f9b4n6c0h1jtw',
              shareName: 'contractor-access',
              ipAddress: '203.0.113.42',
              timestamp: '2026-03-02T11:00:00.000Z',
              visitorId: 'visitor_9f86d081884c7d659a2feaa0',
              isBot: false,
              isReturning: false,
            },
            createdAt: '2026-03-02T11:00:00.041Z',
          },
        ],
      },
    },
  },
} as const satisfies Record<string, RestRoute>
