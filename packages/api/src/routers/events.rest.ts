import type { RestRoute } from '../rest/rest-route.ts'

const event = {
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
}

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
    errors: ['share.not_found'],
    example: {
      input: { after: 41, order: 'oldest', limit: 50 },
      output: { events: [event] },
    },
  },
  stream: {
    method: 'GET',
    path: '/v1/events/stream',
    status: 200,
    tag: 'Events',
    summary: 'Follow events',
    description:
      'Server-sent events without an end: `data` is an event as JSON, `id` its `seq`. A client that comes back with the `Last-Event-ID` ' +
      'header, as browsers’ `EventSource` does by itself, or with `lastEventId`, misses nothing and sees nothing twice. ' +
      'Where the hub ends it, an event named `end` says why, as the body of an error. A comment comes every 15 seconds.',
    stream: {
      mediaTypes: ['text/event-stream'],
      headersOf: () => ({
        'content-type': 'text/event-stream',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      }),
    },
    errors: ['share.not_found', 'subscription.limit', 'auth.cross_site'],
    example: {
      input: { lastEventId: '41' },
      output: `data: ${JSON.stringify(event)}\nid: 42\n\n`,
    },
  },
} as const satisfies Record<string, RestRoute>
