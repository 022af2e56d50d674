import type { RestRoute } from '../rest/rest-route.ts'

const tag = 'Audit log'

const entry = {
  id: 'aud_01kq3v7d2m8x5f9b4n6c0h1jtw',
  seq: 1,
  action: 'share.created',
  actorKind: 'api_key',
  actorId: 'key_01kq3v7d2m8x5f9b4n6c0h1jtw',
  subjectId: 'share_01kq3v7d2m8x5f9b4n6c0h1jtw',
  details: { name: 'contractor-access' },
  ipAddress: '203.0.113.42',
  createdAt: '2026-03-02T10:00:00.000Z',
  previousHash: null,
  hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
}

export const auditRoutes = {
  list: {
    method: 'GET',
    path: '/v1/audit',
    status: 200,
    tag,
    summary: 'Read the audit log',
    description: 'Every administrative action, newest first.',
    list: { field: 'entries' },
    example: { input: { limit: 50 }, output: { entries: [entry] } },
  },
  verify: {
    method: 'GET',
    path: '/v1/audit/verify',
    status: 200,
    tag,
    summary: 'Verify the audit log',
    description:
      'Each entry’s hash covers the entry and the hash before it, so one that was edited or deleted shows.',
    example: { output: { isIntact: true, firstBrokenSeq: null } },
  },
} as const satisfies Record<string, RestRoute>
