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
export function callRulesStep({ references, statement }: CheckedStatement): Step {
  const written = writtenRelation(statement)
  const plain = references.functions.filter(({ schema }) => schema === null)
  const qualified = references.functions.filter(({ schema }) => schema !== null)
  return {
    text: callRulesSql,
    values: [
      plain.map(({ name }) => name),
      qualified.map(({ schema }) => schema),
      qualified.map(({ name }) => name),
      references.attributes,
      references.operators,
      references.types,
      harmlessVolatileFunctions,
      written === null ? [] : [written.schema, written.name],
    ].map(arrayLiteral),
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

const callRulesSql = `
WITH path AS (
  SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ANY (pg_catalog.current_schemas(true))
), used (fn, means) AS (
  SELECT p.oid, 'function' FROM pg_catalog.pg_proc p
  WHERE p.proname = ANY ($1::pg_catalog.name[]) AND p.pronamespace IN (SELECT oid FROM path)
  UNION ALL
  SELECT p.oid, 'function'
  FROM ROWS FROM (pg_catalog.unnest($2::pg_catalog.name[]), pg_catalog.unnest($3::pg_catalog.name[])) AS q (schema, name)
  JOIN pg_catalog.pg_namespace n ON n.nspname = q.schema
  JOIN pg_catalog.pg_proc p ON p.proname = q.name AND p.pronamespace = n.oid
  UNION ALL
  SELECT p.oid, 'function' FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_type t ON t.oid = p.proargtypes[0]
  WHERE p.proname = ANY ($4::pg_catalog.name[]) AND p.pronargs >= 1 AND p.pronargs - p.pronargdefaults <= 1
    AND t.typtype IN ('c', 'p')
  UNION ALL
  SELECT o.oprcode::pg_catalog.oid, 'operator' FROM pg_catalog.pg_operator o
  WHERE o.oprname = ANY ($5::pg_catalog.name[]) AND o.oprcode::pg_catalog.oid >= ${firstUserOid}
  UNION ALL
  SELECT c.castfunc, 'cast' FROM pg_catalog.pg_type t
  JOIN pg_catalog.pg_cast c ON t.oid = c.casttarget OR (t.oid = c.castsource AND c.castcontext = 'i')
  WHERE t.typname = ANY ($6::pg_catalog.name[]) AND c.castfunc >= ${firstUserOid}
  UNION ALL
  SELECT d.refobjid, 'domain' FROM pg_catalog.pg_type t
  JOIN pg_catalog.pg_constraint c ON c.contypid = t.oid
  JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND d.objid = c.oid
  WHERE t.typname = ANY ($6::pg_catalog.name[]) AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
), parts (fn, means) AS (
  SELECT fn, means FROM used
  UNION ALL
  SELECT part, 'aggregate' FROM used JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = used.fn
  CROSS JOIN LATERAL (VALUES (a.aggtransfn::pg_catalog.oid), (a.aggfinalfn), (a.aggcombinefn), (a.aggmtransfn),
    (a.aggminvtransfn), (a.aggmfinalfn)) AS parts (part)
  WHERE used.fn >= ${firstUserOid} AND part <> 0
)
SELECT p.proname, p.provolatile = 'v', parts.means
FROM parts JOIN pg_catalog.pg_proc p ON p.oid = parts.fn
WHERE (p.provolatile = 'v' OR p.prosecdef)
  AND NOT (p.proname = ANY ($7::pg_catalog.name[]) AND p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace)
UNION ALL
SELECT c.relname, NULL, 'system' FROM pg_catalog.pg_class c
WHERE c.oid < ${firstUserOid} AND c.oid = pg_catalog.to_regclass(NULLIF(pg_catalog.concat_ws('.',
  pg_catalog.quote_ident(($8::pg_catalog.text[])[1]), pg_catalog.quote_ident(($8::pg_catalog.text[])[2])), ''))
LIMIT 1`
