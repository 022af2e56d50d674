import type { ShareChanges, ShareRow } from '@private-connect/db'

/**
 * Whether a change takes something from visitors, so that what is open must be judged again. A rate is not among it:
 * it is asked at every request. Patterns are compared as texts, so `/api/v1` after `/api/*` counts as narrower, as it is.
 */
export function isNarrower(before: ShareRow, changes: ShareChanges): boolean {
  return (
    isSooner(before.expiresAt, changes.expiresAt) ||
    losesOne(before.allowedPaths, changes.allowedPaths) ||
    losesOne(before.allowedMethods, changes.allowedMethods) ||
    (before.allowWrites && changes.allowWrites === false) ||
    (changes.maskedColumns?.some((column) => !before.maskedColumns.includes(column)) ?? false)
  )
}

function isSooner(before: Date | null, after: Date | null | undefined): boolean {
  if (after === undefined || after === null) return false
  return before === null || after.getTime() < before.getTime()
}

/** Null allows everything. */
function losesOne(before: readonly string[] | null, after: readonly string[] | null | undefined): boolean {
  if (after === undefined || after === null) return false
  return before === null || before.some((one) => !after.includes(one))
}
