import type { Db } from './create-db.ts'
import { toDbError } from './db-error.ts'

export interface OldAccessLogs {
  /** What is older than this is deleted. */
  readonly before: Date
  readonly rowsMax: number
}

/**
 * Deletes one batch of old entries and answers how many that were: fewer than `rowsMax` when none are left that nobody
 * else is deleting. It locks those rows alone, which nothing else does, so that neither visits nor readers wait for it,
 * and two nodes take different ones.
 */
export async function deleteOldAccessLogs(
  { pool }: Pick<Db, 'pool'>,
  { before, rowsMax }: OldAccessLogs,
): Promise<number> {
  try {
    const { rowCount } = await pool.query(
      `DELETE FROM access_logs WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM access_logs WHERE "timestamp" < $1::timestamptz LIMIT $2 FOR UPDATE SKIP LOCKED))`,
      [before, rowsMax],
    )
    return rowCount ?? 0
  } catch (error) {
    throw toDbError(error)
  }
}
