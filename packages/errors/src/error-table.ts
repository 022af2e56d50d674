/** What a failure means to the caller, in one row. `title` is the body's `error`, `message` its default sentence. */
export interface ErrorRow {
  readonly status: number
  readonly trpc: TrpcErrorKey
  readonly fault: 'caller' | 'hub' | 'upstream'
  readonly title: string
  readonly message: string
}

/** The keys of tRPC's error codes that this product uses; tRPC maps each to its JSON-RPC number. */
type TrpcErrorKey =
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'METHOD_NOT_SUPPORTED'
  | 'CONFLICT'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'TOO_MANY_REQUESTS'
  | 'INTERNAL_SERVER_ERROR'
  | 'BAD_GATEWAY'
  | 'SERVICE_UNAVAILABLE'
  | 'GATEWAY_TIMEOUT'

const badRequest = { status: 400, trpc: 'BAD_REQUEST', fault: 'caller', title: 'Bad request' } as const
const unauthorized = { status: 401, trpc: 'UNAUTHORIZED', fault: 'caller', title: 'Unauthorized' } as const
const forbidden = { status: 403, trpc: 'FORBIDDEN', fault: 'caller', title: 'Forbidden' } as const
const notFound = { status: 404, trpc: 'NOT_FOUND', fault: 'caller', title: 'Not found' } as const
const methodNotAllowed = {
  status: 405,
  trpc: 'METHOD_NOT_SUPPORTED',
  fault: 'caller',
  title: 'Method not allowed',
} as const
const conflict = { status: 409, trpc: 'CONFLICT', fault: 'caller', title: 'Conflict' } as const
const tooLarge = {
  status: 413,
  trpc: 'PAYLOAD_TOO_LARGE',
  fault: 'caller',
  title: 'Payload too large',
} as const
const tooMany = {
  status: 429,
  trpc: 'TOO_MANY_REQUESTS',
  fault: 'caller',
  title: 'Too many requests',
} as const
const badGateway = { status: 502, trpc: 'BAD_GATEWAY', fault: 'upstream', title: 'Bad gateway' } as const
const unavailable = {
  status: 503,
  trpc: 'SERVICE_UNAVAILABLE',
  fault: 'upstream',
  title: 'Service unavailable',
} as const
const gatewayTimeout = {
  status: 504,
  trpc: 'GATEWAY_TIMEOUT',
  fault: 'upstream',
  title: 'Gateway timeout',
} as const

/**
 * Every failure that a caller can be told of. Nothing else in the product knows a status code;
 * docs/errors.md is generated from this table.
 */
export const errorTable = {
  'request.invalid': { ...badRequest, message: 'The request is not valid. See issues for what to change.' },
  'request.malformed_json': { ...badRequest, message: 'The body is not valid JSON.' },
  'request.malformed': { ...badRequest, message: 'The request is not well-formed HTTP.' },
  'request.timeout': {
    ...badRequest,
    status: 408,
    title: 'Request timeout',
    message: 'The request took too long to arrive.',
  },
  'request.expectation_failed': {
    ...badRequest,
    status: 417,
    title: 'Expectation failed',
    message: 'The hub knows no expectation but 100-continue.',
  },
  'request.target_not_canonical': {
    ...badRequest,
    message:
      'The request target is not in canonical form. Send it without dot segments, backslashes or control bytes.',
  },
  'request.too_large': { ...tooLarge, message: 'The body is larger than this operation takes.' },
  'request.target_too_long': {
    ...badRequest,
    status: 414,
    title: 'URI too long',
    message: 'The request target is longer than the hub takes.',
  },
  'request.media_type': {
    ...badRequest,
    status: 415,
    trpc: 'UNSUPPORTED_MEDIA_TYPE',
    title: 'Unsupported media type',
    message: 'Send application/json without a content encoding.',
  },
  'request.headers_too_large': {
    ...badRequest,
    status: 431,
    title: 'Request header fields too large',
    message: 'The request has more or larger headers than the hub takes.',
  },
  'request.idempotency_conflict': {
    ...conflict,
    message: 'This Idempotency-Key was used for another request. Send a new key.',
  },
  'request.rate_limited': { ...tooMany, message: 'Rate limit exceeded. Try again later.' },
  'route.not_found': { ...notFound, message: 'There is nothing at this address.' },
  'route.method_not_allowed': { ...methodNotAllowed, message: 'This address does not take that method.' },
  'auth.required': {
    ...unauthorized,
    message: 'Send an API key in x-api-key, or sign in.',
  },
  'auth.invalid': { ...unauthorized, message: 'The credentials are not valid or no longer active.' },
  'auth.link_invalid': { ...unauthorized, message: 'This sign-in link is not valid or was already used.' },
  'auth.ambiguous': {
    ...badRequest,
    message: 'The API key and the session belong to different workspaces. Send one of them.',
  },
  'auth.session_required': {
    ...forbidden,
    message: 'This operation takes a signed-in session, not an API key.',
  },
  'auth.cross_site': { ...forbidden, message: 'This request came from another site and was refused.' },
  'auth.ip_not_allowed': { ...forbidden, message: 'This API key may not be used from your address.' },
  'session.not_found': { ...notFound, message: 'There is no such session.' },
  'api_key.not_found': { ...notFound, message: 'There is no such API key.' },
  'device.code_not_found': {
    ...notFound,
    message: 'No device shows this code, or it has ended. Ask the device for a new one.',
  },
  // The titles are what RFC 8628 §3.5 has clients look for.
  'device.authorization_pending': {
    ...badRequest,
    title: 'authorization_pending',
    message: 'Nobody has approved this device yet. Ask again after the interval.',
  },
  'device.slow_down': {
    ...badRequest,
    title: 'slow_down',
    message: 'Asked too soon. Wait 5 seconds longer between two requests from now on.',
  },
  'device.denied': { ...badRequest, title: 'access_denied', message: 'The user did not let this device in.' },
  'device.code_expired': {
    ...badRequest,
    title: 'expired_token',
    message: 'This device code has ended or was used. Begin again.',
  },
  'subscription.limit': {
    ...tooMany,
    message: 'This key or session has as many subscriptions open as it may have.',
  },
  'agent.not_found': { ...notFound, message: 'There is no such agent.' },
  'agent.offline': { ...unavailable, message: 'The agent that serves this share is offline.' },
  'service.not_found': { ...notFound, message: 'There is no such service.' },
  'service.name_taken': {
    ...conflict,
    message: 'Another agent has a service of this name. Choose another name.',
  },
  'webhook.not_found': { ...notFound, message: 'There is no such webhook.' },
  'webhook.limit': { ...conflict, message: 'This workspace has as many webhooks as it may have.' },
  'webhook.disabled': { ...conflict, message: 'This webhook is disabled. Enable it first.' },
  'delivery.not_found': { ...notFound, message: 'There is no such delivery.' },
  'share.not_found': { ...notFound, message: 'There is no such share.' },
  'share.inactive': { ...forbidden, message: 'This share has expired or was revoked.' },
  'share.revoked': { ...conflict, message: 'This share was revoked, which is final. Create another one.' },
  'share.path_not_allowed': { ...forbidden, message: 'This share does not allow that path.' },
  'share.method_not_allowed': { ...methodNotAllowed, message: 'This share does not allow that method.' },
  'share.rate_limited': { ...tooMany, message: 'Rate limit exceeded for this share' },
  'share.streams_exhausted': {
    ...tooMany,
    message: 'This share has as many open connections as it may have.',
  },
  'share.not_shared': { ...unavailable, message: 'The agent was not told to share this service.' },
  'share.not_web': {
    ...badRequest,
    message: 'This share leads to a service that is not spoken to in HTTP.',
  },
  'upstream.refused': { ...badGateway, message: 'The shared service refused the connection.' },
  'upstream.failed': {
    ...badGateway,
    message: 'The shared service closed the connection or answered in error.',
  },
  'upstream.timeout': { ...gatewayTimeout, message: 'The shared service did not answer in time.' },
  'query.refused': { ...badRequest, message: 'This query is not allowed here.' },
  'query.failed': { ...badRequest, message: 'The database refused the query.' },
  'query.no_database': { ...badRequest, message: 'This share leads to no database that the hub can query.' },
  'query.role_refused': {
    ...forbidden,
    message:
      'The login of this database may do more than queries should. Its owner can give it fewer rights, or confirm it.',
  },
  'query.login_missing': {
    ...unavailable,
    message: 'The owner of this share has stored no login for its database.',
  },
  'query.unavailable': {
    ...badGateway,
    message: 'The hub could not open a session with the shared database.',
  },
  'query.timeout': { ...gatewayTimeout, message: 'The query took too long and was cancelled.' },
  'query.audit_unavailable': {
    ...unavailable,
    fault: 'hub',
    message: 'The query was not run because it could not be recorded. Try again in a moment.',
  },
  'tunnel.failed': { ...badGateway, message: 'The connection to the agent was lost while the request ran.' },
  'tunnel.overloaded': { ...unavailable, message: 'The agent has as many open streams as it may have.' },
  'tunnel.upgrade_required': {
    ...badRequest,
    status: 426,
    title: 'Upgrade required',
    message: 'This address takes agents that upgrade the connection to a tunnel.',
  },
  'hub.draining': {
    ...unavailable,
    fault: 'hub',
    message: 'The hub is shutting down. Try again in a moment.',
  },
  'hub.overloaded': {
    ...unavailable,
    fault: 'hub',
    message: 'The hub is short of memory and takes nothing more for the moment. Try again soon.',
  },
  'hub.store_unavailable': {
    ...unavailable,
    fault: 'hub',
    message: 'The hub cannot reach its database. Try again in a moment.',
  },
  internal: {
    status: 500,
    trpc: 'INTERNAL_SERVER_ERROR',
    fault: 'hub',
    title: 'Internal error',
    message: 'Something went wrong in the hub. Its log has the details under this request id.',
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof errorTable
