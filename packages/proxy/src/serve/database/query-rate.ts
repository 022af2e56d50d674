import type { Policy } from '../policy/policy.ts'
import type { RateLimiter } from '../policy/rate-limiter.ts'
import { judge } from '../policy/request-rate.ts'
import type { ShareGrant } from '../share-grant.ts'

/** All visitors of a share together, each question counted, whatever becomes of it. A share's own lower limit holds too. */
export const checkQueryRate: Policy = ({ rules, ports, settings }) => {
  const decision = countQuery(ports.limiter, rules.grant, settings.queriesPerMin)
  return decision instanceof Promise ? decision.then(judge) : judge(decision)
}

/** The same for who asks without a link: they share what there is. Throws `share.rate_limited`. */
export async function checkRate(
  limiter: RateLimiter,
  grant: ShareGrant,
  queriesPerMin: number,
): Promise<void> {
  const denied = judge(await countQuery(limiter, grant, queriesPerMin))
  if (denied !== null) throw denied
}

function countQuery(limiter: RateLimiter, grant: ShareGrant, perMin: number) {
  return limiter.consume(`${grant.id} queries`, Math.min(perMin, grant.rateLimitPerMin ?? perMin))
}
