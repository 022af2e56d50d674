import type { Db } from './create-db.ts'
import { toDbError } from './db-error.ts'

export interface OldRows {
  /** What is older than this is deleted. */
  readonly before: Date
  readonly rowsMax: number
}

/**
 * Deletes one batch of old entries and answers how many that were: fewer than `rowsMax` when none are left that nobody
 * else is deleting. It locks those rows alone, which nothing else does, so that neither visits nor readers wait for it,
 * and two nodes take different ones.
 */
export async function deleteOldAccessLogs(db: Pick<Db, 'pool'>, old: OldRows): Promise<number> {
  return deleteOld(db, old, ['access_logs', '"timestamp"'])
}

/** Events too old to be asked for; see `deleteOldAccessLogs`. */
export async function deleteOldEvents(db: Pick<Db, 'pool'>, old: OldRows): Promise<number> {
  return deleteOld(db, old, ['events', 'created_at'])
}

/** Visitors who have not come for long; see `deleteOldAccessLogs`. */
export async function deleteOldVisitors(db: Pick<Db, 'pool'>, old: OldRows): Promise<number> {
  return deleteOld(db, old, ['visitors', 'last_seen_at'])
}

async function deleteOld(
  { pool }: Pick<Db, 'pool'>,
  { before, rowsMax }: OldRows,
  [table, column]: readonly [table: string, column: string],
): Promise<number> {
  try {
    const { rowCount } = await pool.query(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM ${table} WHERE ${column} < $1::timestamptz LIMIT $2 FOR UPDATE SKIP LOCKED))`,
      [before, rowsMax],
    )
    return rowCount ?? 0
  } catch (error) {
    throw toDbError(error)
  }
}
