const reasons: Readonly<Record<string, string>> = {
  'share.inactive': 'the share has ended',
  'share.path_not_allowed': 'path not allowed',
  'share.method_not_allowed': 'method not allowed',
  'share.rate_limited': 'too many requests',
  'share.streams_exhausted': 'too many open connections',
  'share.not_shared': 'not shared by its machine any more',
  'share.not_web': 'not a web service',
  'agent.offline': 'the machine is offline',
  'upstream.refused': 'the service refused the connection',
  'upstream.failed': 'the service failed',
  'upstream.timeout': 'the service took too long',
  'request.target_not_canonical': 'malformed address',
  'request.malformed': 'malformed request',
  'request.timeout': 'nothing moved for too long',
  'route.not_found': 'nothing at this address',
  'query.refused': 'query not allowed',
  'query.failed': 'the database refused the query',
  'query.role_refused': 'the database login may do too much',
  'query.login_missing': 'no database login is stored',
  'query.unavailable': 'the database cannot be reached',
  'query.timeout': 'the query took too long',
  'tunnel.failed': 'the connection to the machine was lost',
  'hub.draining': 'the hub was stopping',
}

/** Why the hub did not let a request through, in a few words; a code that has none yet stays as it is. */
export function tellDenial(code: string): string {
  return Object.hasOwn(reasons, code) ? (reasons[code] ?? code) : code
}
