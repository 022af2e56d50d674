import { credentialsBinding, type Vault } from '@private-connect/api'
import { serviceCredentials, type ServiceCredentials } from '@private-connect/api/contracts'
import { findServiceCredentials, type Db } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { DatabaseTls, QueryConnection, QueryEngine } from '@private-connect/proxy/query'
import type { Dial, UpstreamService } from '@private-connect/proxy/serve'
import { isLoopbackName } from '../env-values.ts'

export interface StoredLogins {
  readonly db: Db
  readonly vault: Vault
}

/** The login of a service, decrypted for one use; null where it has none. */
export async function openStoredLogin(
  { db, vault }: StoredLogins,
  ref: { readonly workspaceId: string; readonly serviceId: string },
): Promise<ServiceCredentials | null> {
  const sealed = await findServiceCredentials(db, ref)
  if (sealed === null) return null
  return serviceCredentials.parse(JSON.parse(vault.open(credentialsBinding(ref.serviceId), sealed)))
}

const noLogin: ServiceCredentials = serviceCredentials.parse({ password: '' })

export interface ConnectionOptions {
  readonly engine: QueryEngine
  readonly service: UpstreamService
  readonly shareId: string
  readonly login: ServiceCredentials | null
  readonly dial: Dial
}

/** The way of one query to its database: the dial of everything else, with the login. Throws `query.login_missing`. */
export function connectionOf({ engine, service, shareId, login, dial }: ConnectionOptions): QueryConnection {
  if (login === null && engine.needsLogin) throw new AppError('query.login_missing')
  const { username, password, database, tls } = login ?? noLogin
  return {
    host: service.targetHost,
    login: { username, password, database },
    tls: tlsOf(service, tls),
    dial: async (signal) =>
      whileOpening(signal, async (opening) =>
        dial(service, { shareId, kind: 'query', signal: opening, awaitsOpen: true }),
      ),
  }
}

/**
 * Lends a signal until the stream is open. A stream that an abort closes at once leaves its query running: the engine has
 * something to cancel on the server first.
 */
async function whileOpening<T>(signal: AbortSignal, open: (opening: AbortSignal) => Promise<T>): Promise<T> {
  const opening = new AbortController()
  const abort = (): void => opening.abort(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  try {
    return await open(opening.signal)
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/**
 * What the hub dials itself is reached over networks that others may sit on: TLS with a certificate that verifies,
 * unless its owner says otherwise. The way to an agent is the tunnel's, and its target is named by its own user.
 */
function tlsOf(
  { agentId, targetHost, acceptsSelfSigned }: UpstreamService,
  wanted: boolean | null,
): DatabaseTls {
  const isOutside = agentId === null && !isLoopbackName(targetHost)
  if (!(wanted ?? isOutside)) return 'off'
  return agentId === null && acceptsSelfSigned !== true ? 'verify' : 'require'
}
