import { AppError } from '@private-connect/errors'
import { readCanonicalTarget } from '../http/canonical-target.ts'
import type { Policy } from './policy.ts'
import { matchesPattern } from './path-pattern.ts'

/** Refuses targets that upstreams may read differently, and paths that no pattern of the share means. */
export const checkAllowedPaths: Policy = ({ rules, link }) => {
  const { paths } = rules
  const canonical = readCanonicalTarget(link.target, paths !== null)
  if (typeof canonical === 'string') return new AppError(canonical)
  if (paths === null) return null
  for (const pattern of paths) {
    if (matchesPattern(canonical.segments, pattern)) return null
  }
  return new AppError('share.path_not_allowed')
}
