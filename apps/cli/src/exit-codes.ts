import type { FailureKind } from '@private-connect/sharing'

/** Exit codes, as `--help` lists them. */
export const exitCodes = {
  failed: 1,
  usage: 2,
  hubUnreachable: 3,
  credentialsRefused: 4,
  nothingListens: 5,
  tunnelFailed: 6,
} as const satisfies Record<FailureKind, number>
