import { isIP } from 'node:net'
import type { QueryConnection } from './query-engine.ts'

/** For `tls.connect` on a dialled stream. Null: speak plainly; otherwise a server without TLS must be refused. */
export function tlsOptionsOf({ tls, host }: Pick<QueryConnection, 'tls' | 'host'>) {
  if (tls === 'off') return null
  return {
    // `host` is what the certificate is checked against where there is no server name, which an address cannot be.
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: tls === 'verify',
  }
}
