import { isDb, type Queryable } from './create-db.ts'
import { toDbError } from './db-error.ts'

/** A read that PostgreSQL keeps prepared under its name, which is this text's alone. */
export interface PreparedRead {
  readonly name: string
  readonly text: string
}

/**
 * Rows of a hot read, past Prisma's planner and its copies, which were most of what such a read cost. Columns come as
 * pg reads them: select a bigint as float8, an array of an own type as text[]. In a transaction Prisma runs it.
 */
export async function readRows<Row extends object>(
  db: Queryable,
  { name, text }: PreparedRead,
  values: readonly unknown[],
): Promise<Row[]> {
  if (!isDb(db)) return db.client.$queryRawUnsafe<Row[]>(text, ...values)
  try {
    return (await db.pool.query<Row>({ name, text, values: [...values] })).rows
  } catch (error) {
    throw toDbError(error)
  }
}
