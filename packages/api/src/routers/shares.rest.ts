import type { RestRoute } from '../rest/rest-route.ts'

const tag = 'Shares'

const id = 'share_01kq3v7d2m8x5f9b4n6c0h1jtw'
const serviceId = 'svc_01kq3v7d2m8x5f9b4n6c0h1jtw'
const token = 'share_tok_abcdefghijklmnopqrstuvwxyz'
const fields = {
  name: 'contractor-access',
  description: 'Temporary database access for Q1 audit',
}

const example = {
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

const logEntry = {
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

const query = {
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

const queryAnswer = {
  columns: ['id', 'email'],
  rows: [{ id: '1', email: 'ada@example.com' }],
  rowCount: 1,
  truncated: false,
  durationMs: 12,
}

const newLink = {
  success: true,
  share: {
    id,
    token,
    name: fields.name,
    expiresAt: example.expiresAt,
    shareUrl: `https://link.example.com/shared/${token}`,
    subdomainUrl: 'https://share-tok-abcdefghijklmnopqrstuvwxyz.example.com/',
  },
}

const stats = {
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

export const shareRoutes = {
  create: {
    method: 'POST',
    path: '/v1/services/:serviceId/shares',
    status: 201,
    tag,
    summary: 'Share a service',
    description: 'Save the shareUrl: it is the link to send, and the token cannot be retrieved later.',
    errors: ['service.not_found'],
    example: {
      input: {
        serviceId,
        ...fields,
        expiresIn: '7d',
        allowedPaths: ['/api/*'],
        allowedMethods: ['GET', 'POST'],
        rateLimitPerMin: 100,
      },
      output: newLink,
    },
  },
  listOfService: {
    method: 'GET',
    path: '/v1/services/:serviceId/shares',
    status: 200,
    tag,
    summary: "List a service's shares",
    list: { field: 'shares' },
    errors: ['service.not_found'],
    example: { input: { serviceId, limit: 50 }, output: { shares: [example] } },
  },
  list: {
    method: 'GET',
    path: '/v1/shares',
    status: 200,
    tag,
    summary: "List all of the workspace's shares",
    list: { field: 'shares' },
    example: { input: { limit: 50 }, output: { shares: [example] } },
  },
  get: {
    method: 'GET',
    path: '/v1/shares/:id',
    status: 200,
    tag,
    summary: 'Get a share',
    errors: ['share.not_found'],
    example: { input: { id }, output: example },
  },
  update: {
    method: 'PATCH',
    path: '/v1/shares/:id',
    status: 200,
    tag,
    summary: 'Change a share',
    description:
      'What is left out stays. Where visitors may do less than before, what is open is cut and judged anew.',
    errors: ['share.not_found', 'share.revoked'],
    example: { input: { id, expiresIn: '7d', allowedMethods: ['GET', 'POST'] }, output: example },
  },
  rotate: {
    method: 'POST',
    path: '/v1/shares/:id/rotate',
    status: 200,
    tag,
    summary: "Replace a share's link",
    description: 'The old link ends at once. The new one is shown this once.',
    errors: ['share.not_found', 'share.revoked'],
    example: { input: { id }, output: newLink },
  },
  revoke: {
    method: 'DELETE',
    path: '/v1/shares/:id',
    status: 200,
    tag,
    summary: 'Revoke a share',
    description: 'At once: whoever uses it is cut off. Revoking it again changes nothing.',
    errors: ['share.not_found'],
    example: { input: { id }, output: { success: true } },
  },
  stats: {
    method: 'GET',
    path: '/v1/shares/:id/stats',
    status: 200,
    tag,
    summary: "Count a share's requests",
    errors: ['share.not_found'],
    example: { input: { id, from: stats.from, to: stats.to, bucket: '1h' }, output: stats },
  },
  queries: {
    method: 'GET',
    path: '/v1/shares/:id/queries',
    status: 200,
    tag,
    summary: "Read what was asked of a share's database",
    description: 'Newest first; each is recorded before it runs, refused ones too.',
    list: { field: 'queries' },
    errors: ['share.not_found'],
    example: { input: { id, limit: 50 }, output: { queries: [query] } },
  },
  ask: {
    method: 'POST',
    path: '/v1/shares/:id/query',
    status: 200,
    tag,
    summary: "Ask a share's database as its visitors may",
    stopsWithCaller: true,
    description:
      'For its owner, who needs no link: the same rules, masked columns, limits and record as for visitors. It is cancelled on the server when the caller leaves.',
    errors: [
      'share.not_found',
      'share.inactive',
      'share.rate_limited',
      'query.refused',
      'query.failed',
      'query.no_database',
      'query.role_refused',
      'query.login_missing',
      'query.audit_unavailable',
      'query.unavailable',
      'query.timeout',
      'agent.offline',
      'upstream.refused',
    ],
    example: { input: { id, query: 'SELECT id, email FROM users LIMIT 1' }, output: queryAnswer },
  },
  logs: {
    method: 'GET',
    path: '/v1/shares/:id/logs',
    status: 200,
    tag,
    summary: "Read a share's access log",
    description: 'Newest first; refused requests too.',
    list: { field: 'logs' },
    errors: ['share.not_found'],
    example: { input: { id, limit: 50 }, output: { logs: [logEntry] } },
  },
  exportLogs: {
    method: 'GET',
    path: '/v1/shares/:id/logs/export',
    status: 200,
    tag,
    summary: "Download a share's access log",
    description:
      'All entries up to now that pass the filter, newest first. Ten downloads a minute; one that is cut off lacks its end.',
    stream: {
      mediaTypes: ['application/x-ndjson', 'text/csv'],
      headersOf: ({ params, query }) => {
        const isCsv = query['format'] === 'csv'
        return {
          'content-type': isCsv ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson',
          'content-disposition': `attachment; filename="${params['id'] ?? 'share'}-access-log.${isCsv ? 'csv' : 'ndjson'}"`,
          'x-content-type-options': 'nosniff',
        }
      },
    },
    errors: ['share.not_found'],
    example: { input: { id, format: 'ndjson', status: ['4xx'] }, output: `${JSON.stringify(logEntry)}\n` },
  },
  info: {
    method: 'GET',
    path: '/v1/shared/:token/info',
    status: 200,
    tag,
    summary: "Read a share's public information",
    errors: ['share.not_found', 'share.inactive'],
    example: {
      input: { token },
      output: {
        ...fields,
        expiresAt: example.expiresAt,
        workspaceName: 'acme-corp',
        service: { name: 'prod-db', targetHost: 'localhost', targetPort: 5432, protocol: 'tcp' },
      },
    },
  },
} as const satisfies Record<string, RestRoute>
