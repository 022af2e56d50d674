import { refuseQuery } from '../../query-errors.ts'
import { arrayLiteral } from './array-text.ts'
import { jsonTypes } from './type-numbers.ts'

/**
 * The visitor's values as texts for the types that the server found for `$1` …: arrays become arrays, or JSON where JSON is
 * asked for, objects become JSON. Throws `query.refused` where their number is wrong.
 */
export function bindParams(params: readonly unknown[], types: readonly number[]): (string | null)[] {
  if (params.length !== types.length) {
    throw refuseQuery(
      `This query has ${types.length} placeholder${types.length === 1 ? '' : 's'}, and params has ${params.length} value${params.length === 1 ? '' : 's'}.`,
      { hint: 'Write $1, $2 … in the query, and one value for each in params.' },
    )
  }
  return params.map((value, at) => paramText(value, types[at] ?? 0))
}

function paramText(value: unknown, type: number): string | null {
  if (value === null || value === undefined) return null
  const text = toText(value, type)
  if (text.includes('\0'))
    throw refuseQuery('A value in params has a NUL character, which PostgreSQL does not take.')
  return text
}

function toText(value: unknown, type: number): string {
  if (Array.isArray(value) && !jsonTypes.has(type)) return arrayLiteral(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
