import { refuseQuery } from '../../query-errors.ts'
import { foldName, type MaskedColumn } from '../masking/masked-names.ts'
import type { MysqlSession } from './open-session.ts'

export interface CatalogueNeeds {
  /** Calls that could be stored functions on this server; our own names, in capitals. */
  readonly unevenFunctions: readonly string[]
  readonly maskedColumns: readonly MaskedColumn[]
  /** All names in the statement, folded. */
  readonly names: ReadonlySet<string>
}

/**
 * Refuses what only the server's catalogue shows: stored functions by a built-in's name, views over masked columns, and
 * columns that the server computes from them.
 */
export async function checkCatalogue(session: MysqlSession, needs: CatalogueNeeds): Promise<void> {
  if (needs.unevenFunctions.length > 0) await refuseStoredFunctions(session, needs.unevenFunctions)
  if (needs.maskedColumns.length === 0) return
  await refuseMaskedViews(session, needs)
  await refuseComputedColumns(session, needs)
}

async function refuseStoredFunctions(session: MysqlSession, names: readonly string[]): Promise<void> {
  const list = names.map((name) => `'${name}'`).join(', ')
  const found = await session.ask(
    `SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_TYPE = 'FUNCTION' AND ROUTINE_NAME IN (${list}) LIMIT 1`,
  )
  const [name] = found[0] ?? []
  if (typeof name === 'string') throw refuseQuery(`${name}() is a stored function here. Those can write.`)
}

const viewsMax = 5_000

/**
 * The origin that the server reports through a view need not be the one that is masked, so a view whose definition
 * names a masked table, cannot be read, or stands on such a view, cannot be queried.
 */
async function refuseMaskedViews(
  session: MysqlSession,
  { maskedColumns, names }: CatalogueNeeds,
): Promise<void> {
  const rows = await session.ask(
    `SELECT TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS WHERE TABLE_SCHEMA NOT IN ('sys', 'mysql', 'performance_schema', 'information_schema') LIMIT ${viewsMax}`,
  )
  const tainted = taintedViews(
    rows.map(([name, definition]) => ({
      name: foldName(name ?? ''),
      definition: foldName(definition ?? ''),
    })),
    maskedColumns,
  )
  const view = [...names].find((name) => tainted.has(name))
  if (view !== undefined || rows.length >= viewsMax) {
    throw refuseQuery(`The view ${view ?? ''} may show a masked column. Query its tables instead.`)
  }
}

/**
 * A generated column shows what it is computed from under a name of its own. Where one reads a masked column, its table
 * cannot be queried until it is masked as well: to mask it here would hide it, yet not what compares or orders by it.
 */
async function refuseComputedColumns(
  session: MysqlSession,
  { maskedColumns, names }: CatalogueNeeds,
): Promise<void> {
  const rows = await session.ask(
    `SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, GENERATION_EXPRESSION FROM information_schema.COLUMNS WHERE GENERATION_EXPRESSION <> '' LIMIT ${viewsMax}`,
  )
  const found = rows.find((row) => {
    const [schema = '', table = '', column = '', expression = ''] = row.map((text) => foldName(text ?? ''))
    const own = maskedColumns.filter((one) => isOf(one, schema, table))
    const isMasked = own.some((one) => one.column === column)
    return names.has(table) && !isMasked && own.some((one) => expression.includes(one.column))
  })
  if (found === undefined && rows.length < viewsMax) return
  throw refuseQuery(
    `The column ${found?.[2] ?? ''} is computed from a masked column and not masked itself. Its owner can mend that.`,
  )
}

function isOf(masked: MaskedColumn, schema: string, table: string): boolean {
  return (masked.table === '*' || masked.table === table) && (masked.schema ?? schema) === schema
}

interface View {
  readonly name: string
  readonly definition: string
}

function taintedViews(views: readonly View[], masked: readonly MaskedColumn[]): ReadonlySet<string> {
  const tables = new Set(masked.map(({ table, column }) => (table === '*' ? column : table)))
  const tainted = new Set<string>()
  let grew = true
  while (grew) {
    grew = false
    for (const { name, definition } of views) {
      const sources = [...tables, ...tainted]
      const isTainted =
        tables.has(name) || definition === '' || sources.some((source) => definition.includes(source))
      if (tainted.has(name) || !isTainted) continue
      tainted.add(name)
      grew = true
    }
  }
  return tainted
}
