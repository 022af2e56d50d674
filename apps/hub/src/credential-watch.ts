import { isAddressAllowed, type Subscriber } from '@private-connect/api'
import type { listLiveCredentials } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { Logger } from './logging.ts'

type LiveCredentials = Awaited<ReturnType<typeof listLiveCredentials>>

/** Who began what is watched, and from where. */
type Holder = Pick<Subscriber, 'credential' | 'ipAddress'>

export interface CredentialWatchOptions {
  /** Those of the credentials that still count. */
  readonly listLive: (ids: {
    readonly apiKeyIds: readonly string[]
    readonly sessionIds: readonly string[]
  }) => Promise<LiveCredentials>
  readonly log: Pick<Logger, 'warn'>
  /** How often credentials are looked at that nobody on this node has ended. */
  readonly checkEveryMs?: number
}

interface Watched {
  readonly holder: Holder
  readonly onEnd: (reason: AppError) => void
}

/** What lasts longer than a request's proof of who it is ends within a second of what it was admitted by. */
export class CredentialWatch {
  readonly #options: CredentialWatchOptions
  readonly #watched = new Set<Watched>()
  readonly #timer: NodeJS.Timeout
  #isChecking = false
  #isAskedAgain = false

  constructor(options: CredentialWatchOptions) {
    this.#options = options
    this.#timer = setInterval(() => {
      if (!this.#isChecking) this.check()
    }, options.checkEveryMs ?? 500).unref()
  }

  /** Calls `onEnd` at most once, with `auth.invalid` or `auth.ip_not_allowed`. Answers how to watch no more. */
  add(holder: Holder, onEnd: Watched['onEnd']): () => void {
    const one = { holder, onEnd }
    this.#watched.add(one)
    return () => this.#watched.delete(one)
  }

  /** Looks at all credentials now: one has ended or has changed. */
  check(): void {
    if (this.#watched.size === 0) return
    if (this.#isChecking) this.#isAskedAgain = true
    else void this.#checkAll()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #checkAll(): Promise<void> {
    this.#isChecking = true
    try {
      do {
        this.#isAskedAgain = false
        const asked = Array.from(this.#watched)
        const live = await this.#options.listLive(idsOf(asked))
        for (const one of asked) this.#endIfOver(one, live)
      } while (this.#isAskedAgain)
    } catch (err) {
      this.#options.log.warn({ err }, 'credentials of what is open could not be looked at, will retry')
    } finally {
      this.#isChecking = false
    }
  }

  #endIfOver(one: Watched, live: LiveCredentials): void {
    const reason = findEnding(one.holder, live)
    // It may have been given up while the credentials were looked at.
    if (reason !== null && this.#watched.delete(one)) one.onEnd(reason)
  }
}

function idsOf(watched: readonly Watched[]) {
  const idsOfKind = (kind: 'api_key' | 'session') => [
    ...new Set(
      watched.flatMap(({ holder: { credential } }) => (credential.kind === kind ? [credential.id] : [])),
    ),
  ]
  return { apiKeyIds: idsOfKind('api_key'), sessionIds: idsOfKind('session') }
}

function findEnding({ credential, ipAddress }: Holder, live: LiveCredentials): AppError | null {
  if (credential.kind === 'session') {
    return live.sessionIds.includes(credential.id) ? null : new AppError('auth.invalid')
  }
  const key = live.apiKeys.find(({ id }) => id === credential.id)
  if (key === undefined) return new AppError('auth.invalid')
  return isAddressAllowed(key.allowedIpRanges, ipAddress) ? null : new AppError('auth.ip_not_allowed')
}
