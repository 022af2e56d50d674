import type { Policy } from '../policy/authorize.ts'
import { judge } from '../policy/request-rate.ts'

/** All visitors of a share together, each question counted, whatever becomes of it. A share's own lower limit holds too. */
export const checkQueryRate: Policy = ({ rules, ports, settings }) => {
  const { grant } = rules
  const limit = Math.min(settings.queriesPerMin, grant.rateLimitPerMin ?? settings.queriesPerMin)
  const decision = ports.limiter.consume(`${grant.id} queries`, limit)
  return decision instanceof Promise ? decision.then(judge) : judge(decision)
}
