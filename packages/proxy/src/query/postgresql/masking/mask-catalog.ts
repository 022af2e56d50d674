import { refuseQuery } from '../../query-errors.ts'
import type { Step, TextRow } from '../exchange.ts'
import type { CheckedStatement } from '../statement/check-statement.ts'
import { arrayLiteral } from '../values/array-text.ts'
import { masksSql, telltaleRelations } from './masks-sql.ts'

/** What the catalog says of a share's masked columns and of what a statement names. */
export interface MaskCatalog {
  /** `relation.column` in numbers, as results name where a value came from. */
  readonly origins: ReadonlySet<string>
  /** Names of masked columns of the relations that the statement reads. */
  readonly columns: ReadonlySet<string>
  /** Columns that each of those relations has. */
  readonly siblings: ReadonlySet<string>
  /** The names by which the statement reads them, see `relationKey`. */
  readonly relations: ReadonlySet<string>
  /** Names after a dot that call a function with the whole row. */
  readonly rowFunctions: ReadonlySet<string>
}

export const noMasks: MaskCatalog = {
  origins: new Set(),
  columns: new Set(),
  siblings: new Set(),
  relations: new Set(),
  rowFunctions: new Set(),
}

/** One spelling for a relation as a statement names it. */
export function relationKey(schema: string | null, name: string): string {
  return JSON.stringify([schema, name])
}

const telltales = new Set(telltaleRelations)
/** What pg_stat_activity calls: the texts of other queries of the same login. */
const telltaleFunctions = new Set(['pg_stat_get_activity', 'pg_stat_get_backend_activity'])

interface WantedColumn {
  readonly schema: string | null
  readonly relation: string
  readonly column: string
}

/** `users.email` or `public.users.email`. */
function readMasked(masked: string): WantedColumn {
  const parts = masked.split('.')
  const [column = '', relation = '', schema = null] = parts.toReversed()
  if (parts.length < 2 || parts.length > 3)
    throw refuseQuery(`This share masks ${masked}, which is no table and column. Its owner can mend that.`)
  return { schema, relation, column }
}

/** Asks for the masked columns, wherever tables inherit from each other, and for what reads them. */
export function masksStep(masked: readonly string[], { references }: CheckedStatement): Step {
  const telltale =
    references.relations.find(({ schema, name }) => telltales.has(name) || schema === 'pg_toast') ??
    references.functions.find(({ name }) => telltaleFunctions.has(name))
  if (telltale !== undefined)
    throw refuseQuery(
      `This share masks columns, so ${telltale.name}, which shows samples of them or other queries, is refused.`,
    )
  const wanted = masked.map(readMasked)
  const named = [...references.functions.map(({ name }) => name), ...references.attributes]
  return {
    text: masksSql,
    values: [
      wanted.map(({ schema }) => schema),
      wanted.map(({ relation }) => relation),
      wanted.map(({ column }) => column),
      references.relations.map(({ schema }) => schema),
      references.relations.map(({ name }) => name),
      named,
      references.operators,
    ].map(arrayLiteral),
  }
}

/** Throws where the catalog shows a way around the masks, or where a masked column is none of the database's. */
export function readMasks(rows: readonly TextRow[], masked: readonly string[]): MaskCatalog {
  const of = (kind: string): TextRow[] => rows.filter(([found]) => found === kind).map((row) => row.slice(1))
  const first = (kind: string): string | null => of(kind)[0]?.[0] ?? null
  const missing = masked.find((_name, at) => !of('found').some(([index]) => Number(index) === at + 1))
  if (missing !== undefined)
    throw refuseQuery(
      `This share masks ${missing}, which the database does not have or does not show. Its owner can mend that.`,
    )
  const view = first('view')
  if (view !== null)
    throw refuseQuery(`The view ${view} reads columns that this share masks, so it is refused.`, {
      hint: 'Ask the tables themselves.',
    })
  const called = first('function')
  if (called !== null)
    throw refuseQuery(
      `This share masks columns, so ${called}, a function of this database's own, is refused.`,
    )
  return {
    origins: new Set(of('masked').map(([relation, column]) => `${relation}.${column}`)),
    columns: new Set(of('name').map(([name]) => name ?? '')),
    siblings: new Set(of('sibling').map(([name]) => name ?? '')),
    relations: new Set(of('relation').map(([schema, name]) => relationKey(schema ?? null, name ?? ''))),
    rowFunctions: new Set(of('row-function').map(([name]) => name ?? '')),
  }
}
