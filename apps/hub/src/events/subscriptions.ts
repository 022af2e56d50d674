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

export interface Subscriptions {
  /** Throws `subscription.limit`, `hub.draining`. */
  admit(subscriber: Subscriber): Admission
  /** Looks at all credentials now: one has ended or has changed. */
  check(): void
  /** Ends all, so that their clients come back to a hub that goes on, and admits no more. */
  close(): void
  readonly count: number
}

class Held implements Admission {
  readonly subscriber: Subscriber
  ending: AppError | null = null
  readonly #controller = new AbortController()
  readonly #leave = (): void => this.#controller.abort()

  constructor(subscriber: Subscriber) {
    this.subscriber = subscriber
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
  }
}

/** All open subscriptions, so that each ends within a second of what it was admitted by. */
export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { listLive, perCredentialMax, log, checkEveryMs = 500 } = options
  const held = new Set<Held>()
  const counts = new Map<string, number>()
  let isClosed = false
  let checking: Promise<void> | null = null
  let isAskedAgain = false

  function count({ credential }: Subscriber, change: 1 | -1): void {
    const now = (counts.get(credential.id) ?? 0) + change
    if (now === 0) counts.delete(credential.id)
    else counts.set(credential.id, now)
  }

  async function checkAll(): Promise<void> {
    do {
      isAskedAgain = false
      const asked = [...held]
      try {
        const live = await listLive(idsOf(asked))
        for (const one of asked) endIfOver(one, live)
      } catch (err) {
        log.warn({ err }, 'credentials of subscriptions could not be looked at, will retry')
        return
      }
    } while (isAskedAgain)
  }

  function check(): void {
    if (held.size === 0) return
    if (checking !== null) isAskedAgain = true
    else checking = checkAll().finally(() => (checking = null))
  }

  const timer = setInterval(() => {
    if (checking === null) check()
  }, checkEveryMs).unref()

  return {
    admit(subscriber) {
      if (isClosed) throw new AppError('hub.draining', undefined, { retryAfterSeconds: 1 })
      if ((counts.get(subscriber.credential.id) ?? 0) >= perCredentialMax) {
        throw new AppError('subscription.limit', undefined, { retryAfterSeconds: 10 })
      }
      const one = new Held(subscriber)
      held.add(one)
      count(subscriber, 1)
      return {
        signal: one.signal,
        get ending() {
          return one.ending
        },
        release() {
          one.release()
          if (held.delete(one)) count(subscriber, -1)
        },
      }
    },
    check,
    close() {
      isClosed = true
      clearInterval(timer)
      for (const one of held) one.end(new AppError('hub.draining', undefined, { retryAfterSeconds: 1 }))
    },
    get count() {
      return held.size
    },
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
