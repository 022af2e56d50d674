import type { SignInPorts } from '@private-connect/api'
import { AppError } from '@private-connect/errors'
import { networkOf } from '@private-connect/network'
import { createMemoryRateLimiter } from '@private-connect/proxy/serve'

export interface SignInLimitsOptions {
  readonly nowMs: () => number
  /** Sign-in requests of one address in a minute. */
  readonly requestsPerMin: number
  /** Mails in ten minutes: to one recipient, asked for by one address, and of the whole hub. */
  readonly mailsPerRecipient: number
  readonly mailsPerAddress: number
  readonly mailsMax: number
}

const mailWindowMs = 10 * 60_000

/** Who guesses links or floods mailboxes is held up, by address (a whole /64 of IPv6), by recipient, and over all. */
export function createSignInLimits(options: SignInLimitsOptions): Pick<SignInPorts, 'checkRate' | 'mayMail'> {
  const { nowMs } = options
  const requests = createMemoryRateLimiter({ nowMs })
  const mails = createMemoryRateLimiter({ nowMs, windowMs: mailWindowMs })
  const total = createMemoryRateLimiter({ nowMs, windowMs: mailWindowMs })
  return {
    checkRate(ipAddress) {
      const { isAllowed, resetMs } = requests.consume(networkOf(ipAddress), options.requestsPerMin)
      if (isAllowed) return
      throw new AppError('request.rate_limited', undefined, {
        retryAfterSeconds: Math.max(1, Math.ceil(resetMs / 1000)),
      })
    },
    // In this order a flood from one address or at one mailbox cannot use up what is there for all.
    mayMail: ({ email, ipAddress }) =>
      mails.consume(`from ${networkOf(ipAddress)}`, options.mailsPerAddress).isAllowed &&
      mails.consume(`to ${email}`, options.mailsPerRecipient).isAllowed &&
      total.consume('all', options.mailsMax).isAllowed,
  }
}
