import { isAddressAllowed, type Admission, type Subscriber } from '@private-connect/api'
import type { listLiveCredentials } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { Logger } from '../logging.ts'

type LiveCredentials = Awaited<ReturnType<typeof listLiveCredentials>>

export interface SubscriptionsOptions {
  /** Those of the credentials that still count. */
  readonly listLive: (ids: {
    readonly apiKeyIds: readonly string[]
    readonly sessionIds: readonly string[]
  }) => Promise<LiveCredentials>
  readonly perCredentialMax: number
  readonly log: Pick<Logger, 'warn'>
  /** How often credentials are looked at that nobody on this node has ended. */
  readonly checkEveryMs?: number
}

/** One of them. */
class Held implements Admission {
  readonly subscriber: Subscriber
  ending: AppError | null = null
  readonly #controller = new AbortController()
  readonly #leave = (): void => this.#controller.abort()

  readonly #forget: () => void

  constructor(subscriber: Subscriber, forget: () => void) {
    this.subscriber = subscriber
    this.#forget = forget
    if (subscriber.signal.aborted) this.#leave()
    subscriber.signal.addEventListener('abort', this.#leave, { once: true })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  end(reason: AppError): void {
    if (this.signal.aborted) return
    this.ending = reason
    this.#controller.abort()
  }

  release(): void {
    this.subscriber.signal.removeEventListener('abort', this.#leave)
    this.#forget()
  }
}

/** All open subscriptions, so that each ends within a second of what it was admitted by. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions
  readonly #held = new Set<Held>()
  readonly #counts = new Map<string, number>()
  readonly #timer: NodeJS.Timeout
  #isClosed = false
  #isChecking = false
  #isAskedAgain = false

  constructor(options: SubscriptionsOptions) {
    this.#options = options
    this.#timer = setInterval(() => {
      if (!this.#isChecking) this.check()
    }, options.checkEveryMs ?? 500).unref()
  }

  get count(): number {
    return this.#held.size
  }

  /** Throws `subscription.limit`, `hub.draining`. */
  admit(subscriber: Subscriber): Admission {
    if (this.#isClosed) throw new AppError('hub.draining', undefined, { retryAfterSeconds: 1 })
    if ((this.#counts.get(subscriber.credential.id) ?? 0) >= this.#options.perCredentialMax) {
      throw new AppError('subscription.limit', undefined, { retryAfterSeconds: 10 })
    }
    const one = new Held(subscriber, () => {
      if (this.#held.delete(one)) this.#count(subscriber, -1)
    })
    this.#held.add(one)
    this.#count(subscriber, 1)
    return one
  }

  /** Looks at all credentials now: one has ended or has changed. */
  check(): void {
    if (this.#held.size === 0) return
    if (this.#isChecking) this.#isAskedAgain = true
    else void this.#checkAll()
  }

  /** Ends all, so that their clients come back to a hub that goes on, and admits no more. */
  close(): void {
    this.#isClosed = true
    clearInterval(this.#timer)
    for (const one of this.#held) one.end(new AppError('hub.draining', undefined, { retryAfterSeconds: 1 }))
  }

  #count({ credential }: Subscriber, change: 1 | -1): void {
    const now = (this.#counts.get(credential.id) ?? 0) + change
    if (now === 0) this.#counts.delete(credential.id)
    else this.#counts.set(credential.id, now)
  }

  async #checkAll(): Promise<void> {
    this.#isChecking = true
    try {
      do {
        this.#isAskedAgain = false
        const asked = Array.from(this.#held)
        const live = await this.#options.listLive(idsOf(asked))
        for (const one of asked) endIfOver(one, live)
      } while (this.#isAskedAgain)
    } catch (err) {
      this.#options.log.warn({ err }, 'credentials of subscriptions could not be looked at, will retry')
    } finally {
      this.#isChecking = false
    }
  }
}

function idsOf(held: readonly Held[]) {
  const idsOfKind = (kind: 'api_key' | 'session') => [
    ...new Set(
      held.flatMap(({ subscriber: { credential } }) => (credential.kind === kind ? [credential.id] : [])),
    ),
  ]
  return { apiKeyIds: idsOfKind('api_key'), sessionIds: idsOfKind('session') }
}

function endIfOver(one: Held, live: LiveCredentials): void {
  const { credential, ipAddress } = one.subscriber
  if (credential.kind === 'session') {
    if (!live.sessionIds.includes(credential.id)) one.end(new AppError('auth.invalid'))
    return
  }
  const key = live.apiKeys.find(({ id }) => id === credential.id)
  if (key === undefined) one.end(new AppError('auth.invalid'))
  else if (!isAddressAllowed(key.allowedIpRanges, ipAddress)) one.end(new AppError('auth.ip_not_allowed'))
}
