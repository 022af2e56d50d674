import type { RestRoute } from '../rest/rest-route.ts'

const tag = 'Webhooks'

const example = {
  id: 'hook_01kq3v7d2m8x5f9b4n6c0h1jtw',
  url: 'https://example.com/hooks/private-connect',
  description: 'Tells the team channel',
  events: ['share.accessed', 'share.revoked'],
  isEnabled: true,
  disabledReason: null,
  failingSince: null,
  previousSecretExpiresAt: null,
  createdAt: '2026-03-01T10:00:00.000Z',
  updatedAt: '2026-03-01T10:00:00.000Z',
}
const exampleSecret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY='
const exampleDelivery = {
  id: 'dlv_01kq3v7d2m8x5f9b4n6c0h1jtw',
  webhookId: example.id,
  eventId: 'evt_01kq3v7d2m8x5f9b4n6c0h1jtw',
  event: 'share.accessed',
  status: 'delivered',
  attemptCount: 1,
  nextAttemptAt: null,
  lastAttemptAt: '2026-03-02T11:00:00.120Z',
  lastStatusCode: 204,
  lastError: null,
  lastLatencyMs: 87,
  createdAt: '2026-03-02T11:00:00.000Z',
  settledAt: '2026-03-02T11:00:00.120Z',
}
const pendingDelivery = {
  ...exampleDelivery,
  status: 'pending',
  attemptCount: 0,
  nextAttemptAt: '2026-03-02T11:00:00.000Z',
  lastAttemptAt: null,
  lastStatusCode: null,
  lastLatencyMs: null,
  settledAt: null,
}

export const webhookRoutes = {
  create: {
    method: 'POST',
    path: '/v1/webhooks',
    status: 201,
    tag,
    summary: 'Create a webhook',
    description:
      'It is sent what happens from now on. Its secret is shown this once. A workspace may have a hundred.',
    errors: ['webhook.limit'],
    example: {
      input: { url: example.url, events: example.events, description: example.description },
      output: { success: true, webhook: example, secret: exampleSecret },
    },
  },
  list: {
    method: 'GET',
    path: '/v1/webhooks',
    status: 200,
    tag,
    summary: 'List webhooks',
    list: { field: null },
    example: { input: { limit: 50 }, output: [example] },
  },
  get: {
    method: 'GET',
    path: '/v1/webhooks/:id',
    status: 200,
    tag,
    summary: 'Get a webhook',
    errors: ['webhook.not_found'],
    example: { input: { id: example.id }, output: example },
  },
  update: {
    method: 'PATCH',
    path: '/v1/webhooks/:id',
    status: 200,
    tag,
    summary: 'Change, stop or resume a webhook',
    description: 'What is left out stays.',
    errors: ['webhook.not_found'],
    example: {
      input: { id: example.id, isEnabled: true },
      output: { success: true, webhook: example },
    },
  },
  delete: {
    method: 'DELETE',
    path: '/v1/webhooks/:id',
    status: 200,
    tag,
    summary: 'Delete a webhook',
    description: 'Deliveries that wait are cancelled, its secrets erased.',
    errors: ['webhook.not_found'],
    example: { input: { id: example.id }, output: { success: true } },
  },
  rotateSecret: {
    method: 'POST',
    path: '/v1/webhooks/:id/rotate-secret',
    status: 200,
    tag,
    summary: "Replace a webhook's secret",
    description:
      'The new one is shown this once. For 24 hours requests carry signatures by both, the new one first.',
    errors: ['webhook.not_found'],
    example: {
      input: { id: example.id },
      output: {
        success: true,
        webhook: { ...example, previousSecretExpiresAt: '2026-03-02T10:00:00.000Z' },
        secret: exampleSecret,
      },
    },
  },
  test: {
    method: 'POST',
    path: '/v1/webhooks/:id/test',
    status: 200,
    tag,
    summary: 'Send a test',
    description: 'A signed `webhook.test` event, at once and once; its delivery tells how that went.',
    errors: ['webhook.not_found', 'webhook.disabled'],
    example: {
      input: { id: example.id },
      output: { success: true, delivery: { ...pendingDelivery, event: 'webhook.test' } },
    },
  },
  listDeliveries: {
    method: 'GET',
    path: '/v1/webhooks/:id/deliveries',
    status: 200,
    tag,
    summary: "List a webhook's deliveries",
    description: 'Newest first, kept for 30 days after they are settled.',
    list: { field: 'deliveries' },
    errors: ['webhook.not_found'],
    example: {
      input: { id: example.id, status: 'delivered', limit: 50 },
      output: { deliveries: [exampleDelivery] },
    },
  },
  redeliver: {
    method: 'POST',
    path: '/v1/webhooks/deliveries/:id/redeliver',
    status: 200,
    tag,
    summary: 'Send a delivery again',
    description: 'The same body with the same `webhook-id`, on a new schedule.',
    errors: ['delivery.not_found', 'webhook.disabled'],
    example: { input: { id: exampleDelivery.id }, output: { success: true, delivery: pendingDelivery } },
  },
  redeliverMany: {
    method: 'POST',
    path: '/v1/webhooks/:id/redeliver',
    status: 200,
    tag,
    summary: 'Send many deliveries again',
    description:
      'Those of one status that were made in a time: after an outage that was longer than the schedule.',
    errors: ['webhook.not_found', 'webhook.disabled'],
    example: {
      input: { id: example.id, status: 'exhausted', from: '2026-03-01T00:00:00.000Z' },
      output: { success: true, count: 12 },
    },
  },
} as const satisfies Record<string, RestRoute>
