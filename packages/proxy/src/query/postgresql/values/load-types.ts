import type { Session } from '../session.ts'
import { isKnownType } from './decode-value.ts'
import type { TypeCatalog, TypeEntry } from './type-catalog.ts'

/** Rows in rows in arrays … end somewhere; what is deeper stays text. */
const depthMax = 8

/** Asks the server for the types that are not built in, and for those that they are made of. */
export async function loadTypes(session: Session, types: readonly number[]): Promise<TypeCatalog> {
  const catalog = new Map<number, TypeEntry>()
  let wanted = types
  for (let depth = 0; depth < depthMax; depth += 1) {
    const missing = [...new Set(wanted)].filter((type) => !isKnownType(type) && !catalog.has(type))
    if (missing.length === 0) break
    const entries = await lookUp(session, missing)
    for (const [type, entry] of entries) catalog.set(type, entry)
    wanted = entries.flatMap(([, entry]) => partsOf(entry))
  }
  return catalog
}

function partsOf({ baseType, elementType, attributes }: TypeEntry): number[] {
  return [baseType, elementType, ...(attributes ?? []).map(([, type]) => type)].filter(
    (type) => type !== null,
  )
}

async function lookUp(session: Session, types: readonly number[]): Promise<[number, TypeEntry][]> {
  const [outcome] = await session.run([{ text: typesSql, values: [`{${types.join(',')}}`] }])
  return (outcome?.rows ?? []).map(([type, base, element, delimiter, attributes]) => [
    Number(type),
    {
      baseType: typeNumber(base),
      elementType: typeNumber(element),
      delimiter: delimiter ?? ',',
      attributes: typeof attributes === 'string' ? (JSON.parse(attributes) as [string, number][]) : null,
    },
  ])
}

function typeNumber(text: string | null | undefined): number | null {
  return text === null || text === undefined || text === '0' ? null : Number(text)
}

const typesSql = `
SELECT t.oid, t.typbasetype,
  CASE WHEN t.typcategory = 'A' AND t.typlen = -1 THEN t.typelem ELSE 0 END,
  COALESCE(e.typdelim, ','),
  CASE WHEN t.typtype = 'c' THEN (
    SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attname, a.atttypid::pg_catalog.int8) ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
  ) END
FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem
WHERE t.oid = ANY ($1::pg_catalog.oid[])`
