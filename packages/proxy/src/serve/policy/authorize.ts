import type { AppError } from '@private-connect/errors'
import type { Visit } from '../visit.ts'
import { checkAllowedMethods } from './allowed-methods.ts'
import { checkAllowedPaths } from './allowed-paths.ts'
import { checkHubLoad } from './hub-load.ts'
import { checkOpenStreams } from './open-streams.ts'
import { checkRequestRate } from './request-rate.ts'
import { checkShareExpiry } from './share-expiry.ts'
import type { Policy } from './policy.ts'
import { checkShareStatus } from './share-status.ts'

/**
 * In this order: what is dead says nothing else about itself, what is refused for its form costs the visitors' rate
 * nothing, and a stream is only counted when everything else has let it through. Nobody can skip a rule of this list:
 * `authorize` is the only way to a dial. Databases have lists of their own (database/choose-door.ts).
 */
const policies: readonly Policy[] = [
  checkShareStatus,
  checkShareExpiry,
  checkAllowedMethods,
  checkAllowedPaths,
  checkHubLoad,
  checkRequestRate,
  checkOpenStreams,
]

/** Runs every policy; a promise only when one of them had to wait. */
export function authorize(visit: Visit, from = 0): AppError | null | Promise<AppError | null> {
  const rules = visit.door?.policies ?? policies
  for (let at = from; at < rules.length; at += 1) {
    const verdict = rules[at]?.(visit) ?? null
    if (verdict === null) continue
    if (!(verdict instanceof Promise)) return verdict
    return verdict.then(async (denied) => denied ?? (await authorize(visit, at + 1)))
  }
  return null
}
