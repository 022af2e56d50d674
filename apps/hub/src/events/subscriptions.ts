import type { Admission, Subscriber } from '@private-connect/api'
import { AppError } from '@private-connect/errors'
import type { CredentialWatch } from '../credential-watch.ts'

export interface SubscriptionsOptions {
  readonly credentialWatch: CredentialWatch
  readonly perCredentialMax: number
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

/** All open subscriptions: how many there may be, and what they end with. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions
  readonly #held = new Set<Held>()
  readonly #counts = new Map<string, number>()
  #isClosed = false

  constructor(options: SubscriptionsOptions) {
    this.#options = options
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
    const unwatch = this.#options.credentialWatch.add(subscriber, (reason) => one.end(reason))
    const one = new Held(subscriber, () => {
      unwatch()
      if (this.#held.delete(one)) this.#count(subscriber, -1)
    })
    this.#held.add(one)
    this.#count(subscriber, 1)
    return one
  }

  /** Ends all, so that their clients come back to a hub that goes on, and admits no more. */
  close(): void {
    this.#isClosed = true
    for (const one of this.#held) one.end(new AppError('hub.draining', undefined, { retryAfterSeconds: 1 }))
  }

  #count({ credential }: Subscriber, change: 1 | -1): void {
    const now = (this.#counts.get(credential.id) ?? 0) + change
    if (now === 0) this.#counts.delete(credential.id)
    else this.#counts.set(credential.id, now)
  }
}
