import type { Admission, Subscriber } from '@private-connect/api'
import { AppError } from '@private-connect/errors'
import type { CredentialWatch } from '../credential-watch.ts'
import { SubscriptionPlaces, type SubscriptionLimits } from './subscription-places.ts'

export interface SubscriptionsOptions {
  readonly credentialWatch: CredentialWatch
  readonly limits: SubscriptionLimits
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
  readonly #credentialWatch: CredentialWatch
  readonly #places: SubscriptionPlaces
  readonly #held = new Set<Held>()
  #isClosed = false

  constructor({ credentialWatch, limits }: SubscriptionsOptions) {
    this.#credentialWatch = credentialWatch
    this.#places = new SubscriptionPlaces(limits)
  }

  get count(): number {
    return this.#held.size
  }

  /** Throws `subscription.limit`, `hub.draining`. */
  admit(subscriber: Subscriber): Admission {
    if (this.#isClosed) throw new AppError('hub.draining', undefined, { retryAfterSeconds: 1 })
    const leavePlace = this.#places.take(subscriber.credential)
    const unwatch = this.#credentialWatch.add(subscriber, (reason) => one.end(reason))
    const one = new Held(subscriber, () => {
      unwatch()
      leavePlace()
      this.#held.delete(one)
    })
    this.#held.add(one)
    return one
  }

  /** Ends all, so that their clients come back to a hub that goes on, and admits no more. */
  close(): void {
    this.#isClosed = true
    for (const one of this.#held) one.end(new AppError('hub.draining', undefined, { retryAfterSeconds: 1 }))
  }
}
