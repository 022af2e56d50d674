import { AppError } from '@private-connect/errors'
import { createGuessLimiter } from '@private-connect/proxy/serve'

export interface BadTokensOptions {
  readonly nowMs: () => number
  readonly perMin: number
  /** Whether a token is likely to exist; asked once the guesses of a network are used up. */
  readonly isLikely: (token: string) => Promise<boolean>
}

interface Attempt<T> {
  readonly address: string
  readonly token: string
  /** Rejects with `auth.invalid` for a token that is not valid. */
  readonly lookUp: () => Promise<T>
}

export interface BadTokens {
  /** Looks a token up if it may be; rejects like the look-up, or with `request.rate_limited`. */
  prove<T>(attempt: Attempt<T>): Promise<T>
}

/**
 * Guesses of agents' tokens, limited by network like the API's bad keys: a look-up that may be a guess holds one of those
 * that are left. A token that is valid neither counts nor is held up, however many others guess from behind the same router.
 */
export function createBadTokens({ nowMs, perMin, isLikely }: BadTokensOptions): BadTokens {
  const guesses = createGuessLimiter({ nowMs, perMin })
  return {
    async prove({ address, token, lookUp }) {
      const guard = guesses.guard(address)
      const isAdmitted = await guard.admit()
      if (!isAdmitted && !(await isLikely(token))) {
        const { resetMs } = guesses.countWrong(address)
        const retryAfterSeconds = Math.max(1, Math.ceil(resetMs / 1000))
        throw new AppError('request.rate_limited', undefined, { retryAfterSeconds })
      }
      let isWrong = false
      try {
        return await lookUp()
      } catch (error) {
        isWrong = error instanceof AppError && error.code === 'auth.invalid'
        throw error
      } finally {
        if (isAdmitted) guard.settle(!isWrong)
      }
    },
  }
}
