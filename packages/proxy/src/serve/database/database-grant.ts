import type { EngineName } from '../../query/query-engine.ts'

/** What a share of a database lets its visitors ask. */
export interface DatabaseGrant {
  readonly engine: EngineName
  /** Before the workspace's policy and the share's methods. */
  readonly allowWrites: boolean
  /** The workspace's databases may only be read. */
  readonly isReadOnly: boolean
  readonly maskedColumns: readonly string[]
  /** The link that the visitor came by. */
  readonly linkId: string | null
}

/** A share writes only if it says so, and neither its methods nor its workspace take that back. */
export function mayWrite(
  { allowedMethods }: { readonly allowedMethods: readonly string[] | null },
  database: DatabaseGrant,
): boolean {
  const isGetOnly = allowedMethods !== null && allowedMethods.every((method) => method === 'GET')
  return database.allowWrites && !database.isReadOnly && !isGetOnly
}
