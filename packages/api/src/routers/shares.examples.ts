export const id = 'share_01kq3v7d2m8x5f9b4n6c0h1jtw'
export const serviceId = 'svc_01kq3v7d2m8x5f9b4n6c0h1jtw'
export const token = 'share_tok_abcdefghijklmnopqrstuvwxyz'
export const fields = {
  name: 'contractor-access',
  description: 'Temporary database access for Q1 audit',
}

export const share = {
  id,
  serviceId,
  ...fields,
  tokenPreview: 'share_tok_abc...',
  expiresAt: '2026-03-09T10:00:00.000Z',
  revokedAt: null,
  isActive: true,
  allowedPaths: ['/api/*'],
  allowedMethods: ['GET', 'POST'],
  rateLimitPerMin: 100,
  allowWrites: false,
  maskedColumns: [],
  createdAt: '2026-03-02T10:00:00.000Z',
  lastAccessedAt: '2026-03-02T11:00:00.000Z',
  accessCount: 42,
  shareUrl: '/shared/share_tok_abc...',
}

export const logEntry = {
  id: 'log_01kq3v7d2m8x5f9b4n6c0h1jtw',
  shareId: id,
  ipAddress: '203.0.113.42',
  userAgent: 'Mozilla/5.0...',
  path: '/api/users',
  method: 'GET',
  statusCode: 200,
  latencyMs: 45,
  timestamp: '2026-03-02T11:00:00.000Z',
  bytesIn: 0,
  bytesOut: 5120,
  denied: null,
  visitorId: 'visitor_5f3uq2m7x4b6k3nd2c7h5j4aei',
  suppressedCount: 0,
}

export const query = {
  id: 'qry_01kq3v7d2m8x5f9b4n6c0h1jtw',
  shareId: id,
  visitorId: null,
  actorId: null,
  ipAddress: '203.0.113.42',
  userAgent: 'Mozilla/5.0...',
  query: 'SELECT * FROM users LIMIT 10',
  outcome: 'ok',
  rowCount: 10,
  durationMs: 12,
  errorMessage: null,
  startedAt: '2026-03-02T11:00:00.000Z',
  completedAt: '2026-03-02T11:00:00.012Z',
}

export const queryAnswer = {
  columns: ['id', 'email'],
  rows: [{ id: '1', email: 'ada@share.com' }],
  rowCount: 1,
  truncated: false,
  durationMs: 12,
}

export const newLink = {
  success: true,
  share: {
    id,
    token,
    name: fields.name,
    expiresAt: share.expiresAt,
    shareUrl: `https://link.share.com/shared/${token}`,
    subdomainUrl: 'https://share-tok-abcdefghijklmnopqrstuvwxyz.share.com/',
  },
}

export const stats = {
  from: '2026-03-02T10:00:00.000Z',
  to: '2026-03-02T12:00:00.000Z',
  bucketSeconds: 3600,
  isComplete: true,
  requests: 42,
  denied: 2,
  bytesIn: 0,
  bytesOut: 215_040,
  statusClasses: { '1xx': 0, '2xx': 40, '3xx': 0, '4xx': 2, '5xx': 0 },
  buckets: [
    { start: '2026-03-02T10:00:00.000Z', requests: 40, denied: 0, serverErrors: 0 },
    { start: '2026-03-02T11:00:00.000Z', requests: 2, denied: 2, serverErrors: 0 },
  ],
  topPaths: [{ path: '/api/users', requests: 42 }],
  visitors: 1,
  topVisitors: [{ ipAddress: '203.0.113.42', requests: 42, lastSeenAt: '2026-03-02T11:00:00.000Z' }],
  latencyMs: { p50: 45, p95: 80, p99: 120 },
}
