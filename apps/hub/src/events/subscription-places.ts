import type { Credential } from '@private-connect/api'
import { AppError } from '@private-connect/errors'
import type { Env } from '../env.ts'

export interface SubscriptionLimits {
  readonly perCredentialMax: number
  /** For all keys and sessions of a workspace together: any of them may make more keys. */
  readonly perWorkspaceMax: number
}

export function readSubscriptionLimits(
  env: Pick<Env, 'SUBSCRIPTIONS_MAX' | 'WORKSPACE_SUBSCRIPTIONS_MAX'>,
): SubscriptionLimits {
  return { perCredentialMax: env.SUBSCRIPTIONS_MAX, perWorkspaceMax: env.WORKSPACE_SUBSCRIPTIONS_MAX }
}

/** Who takes one: what they prove, and whom they speak for. */
type Taker = Pick<Credential, 'id' | 'workspaceId'>

/** How many of one kind may be open at once. */
export class SubscriptionPlaces {
  readonly #limits: SubscriptionLimits
  /** By the ids of credentials and workspaces, which are never alike. */
  readonly #counts = new Map<string, number>()

  constructor(limits: SubscriptionLimits) {
    this.#limits = limits
  }

  /** Answers how to leave it, which counts once. Throws `subscription.limit`. */
  take({ id, workspaceId }: Taker): () => void {
    const { perCredentialMax, perWorkspaceMax } = this.#limits
    if (this.#countOf(id) >= perCredentialMax) throw limitReached()
    if (this.#countOf(workspaceId) >= perWorkspaceMax) {
      throw limitReached('This workspace has as many subscriptions open as it may have.')
    }
    for (const one of [id, workspaceId]) this.#counts.set(one, this.#countOf(one) + 1)
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      for (const one of [id, workspaceId]) this.#leave(one)
    }
  }

  #countOf(id: string): number {
    return this.#counts.get(id) ?? 0
  }

  #leave(id: string): void {
    const left = this.#countOf(id) - 1
    if (left === 0) this.#counts.delete(id)
    else this.#counts.set(id, left)
  }
}

function limitReached(sentence?: string): AppError {
  return new AppError('subscription.limit', sentence, { retryAfterSeconds: 10 })
}
