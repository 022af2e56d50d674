import type { AppError } from '@private-connect/errors'
import { refuseQuery } from '../query-errors.ts'
import type { Step, TextRow } from './exchange.ts'
import { arrayLiteral } from './values/array-text.ts'
import { writtenRelation } from './statement/references.ts'
import { harmlessVolatileFunctions } from './statement/function-names.ts'
import type { CheckedStatement } from './statement/check-statement.ts'

/** Built-in objects have smaller numbers; what users and extensions made begins there. */
const firstUserOid = 16_384

/**
 * Asks the catalog what stands behind the names of a statement, inside its transaction and before the server has parsed it.
 * Refused are functions that may change something (volatile, but for a short list) or act as somebody else (SECURITY
 * DEFINER): called by name in any overload, as an attribute (`row.function`), behind an operator, as a part of an
 * aggregate, or in a cast or a domain's checks; and writes to what belongs to the server, such as pg_settings. What remains is what views, triggers, row-level policies and implicit casts
 * call: they run with the role's own rights in a read-only transaction, so there the role is the defence.
 */
export function callRulesStep({ references, statement }: CheckedStatement): Step | null {
  const values: string[] = []
  const bind = (list: readonly unknown[], type: 'name' | 'text'): string => {
    values.push(arrayLiteral(list))
    return `$${values.length}::pg_catalog.${type}[]`
  }
  const lists = callLists({ references, statement })
  const used = callBranches.flatMap(({ list, sql }) => {
    const names = lists[list]
    return names.length === 0 ? [] : [sql(bind(names, 'name'))]
  })
  const calls = used.length === 0 ? [] : [callsSql(used, bind(harmlessVolatileFunctions, 'name'))]
  const written = writtenRelation(statement)
  const targets = written === null ? [] : [targetSql(bind([written.schema, written.name], 'text'))]
  const text = [...calls, ...targets].join('\nUNION ALL\n')
  return text === '' ? null : { text: `${text}\nLIMIT 1`, values }
}

type CallList = 'plain' | 'qualified' | 'attributes' | 'operators' | 'types'

function callLists({
  references,
}: Pick<CheckedStatement, 'references' | 'statement'>): Record<CallList, string[]> {
  const { functions } = references
  return {
    plain: functions.flatMap(({ schema, name }) => (schema === null ? [name] : [])),
    // Schemas and names in turn, as one list.
    qualified: functions.flatMap(({ schema, name }) => (schema === null ? [] : [schema, name])),
    attributes: [...references.attributes],
    operators: [...references.operators],
    types: [...references.types],
  }
}

export function callRefusal(rows: readonly TextRow[]): AppError | null {
  const [first] = rows
  if (first === undefined) return null
  const [name, isVolatile, means] = first
  if (means === 'system') return refuseQuery(`The catalog ${name} is not written to by a share.`)
  const why = isVolatile === 't' ? 'may change something' : 'acts with rights other than your own'
  const what = means === 'function' ? `The function ${name}` : `The function ${name}, which a ${means} calls,`
  return refuseQuery(`${what} is not allowed by a share: it ${why}.`, {
    hint: 'Call functions that are declared STABLE or IMMUTABLE.',
  })
}

interface CallBranch {
  readonly list: CallList
  /** Numbers of the functions behind the names in `list`, and what the names are. */
  readonly sql: (list: string) => string
}

/** Only the branches that a statement needs are sent: planning all of them takes longer than most queries. */
const callBranches: readonly CallBranch[] = [
  {
    list: 'plain',
    sql: (list) => `SELECT p.oid, 'function' FROM pg_catalog.pg_proc p
      WHERE p.proname = ANY (${list}) AND p.pronamespace IN (
        SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ANY (pg_catalog.current_schemas(true)))`,
  },
  {
    list: 'qualified',
    sql: (list) => `SELECT p.oid, 'function' FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE EXISTS (SELECT FROM pg_catalog.generate_series(1, pg_catalog.cardinality(${list}), 2) AS g (i)
        WHERE n.nspname = (${list})[g.i] AND p.proname = (${list})[g.i + 1])`,
  },
  {
    list: 'attributes',
    sql: (list) => `SELECT p.oid, 'function' FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_type t ON t.oid = p.proargtypes[0]
      WHERE p.proname = ANY (${list}) AND p.pronargs >= 1 AND p.pronargs - p.pronargdefaults <= 1
        AND t.typtype IN ('c', 'p')`,
  },
  {
    list: 'operators',
    sql: (list) => `SELECT o.oprcode::pg_catalog.oid, 'operator' FROM pg_catalog.pg_operator o
      WHERE o.oprname = ANY (${list}) AND o.oprcode::pg_catalog.oid >= ${firstUserOid}`,
  },
  {
    list: 'types',
    sql: (list) => `SELECT c.castfunc, 'cast' FROM pg_catalog.pg_type t
      JOIN pg_catalog.pg_cast c ON t.oid = c.casttarget OR (t.oid = c.castsource AND c.castcontext = 'i')
      WHERE t.typname = ANY (${list}) AND c.castfunc >= ${firstUserOid}
      UNION ALL
      SELECT d.refobjid, 'domain' FROM pg_catalog.pg_type t
      JOIN pg_catalog.pg_constraint c ON c.contypid = t.oid
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND d.objid = c.oid
      WHERE t.typname = ANY (${list}) AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass`,
  },
]

/** The functions, and those that aggregates of the database's own consist of, as far as they may not be called. */
function callsSql(used: readonly string[], harmless: string): string {
  return `SELECT p.proname, p.provolatile = 'v', parts.means
  FROM (
    WITH used (fn, means) AS (${used.join('\nUNION ALL\n')})
    SELECT fn, means FROM used
    UNION ALL
    SELECT part, 'aggregate' FROM used JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = used.fn
    CROSS JOIN LATERAL (VALUES (a.aggtransfn::pg_catalog.oid), (a.aggfinalfn), (a.aggcombinefn), (a.aggmtransfn),
      (a.aggminvtransfn), (a.aggmfinalfn)) AS parts (part)
    WHERE used.fn >= ${firstUserOid} AND used.means = 'function' AND part <> 0
  ) AS parts (fn, means) JOIN pg_catalog.pg_proc p ON p.oid = parts.fn
  WHERE (p.provolatile = 'v' OR p.prosecdef)
    AND NOT (p.proname = ANY (${harmless}) AND p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace)`
}

function targetSql(target: string): string {
  return `SELECT c.relname, NULL, 'system' FROM pg_catalog.pg_class c
  WHERE c.oid < ${firstUserOid} AND c.oid = pg_catalog.to_regclass(pg_catalog.concat_ws('.',
    pg_catalog.quote_ident((${target})[1]), pg_catalog.quote_ident((${target})[2])))`
}
