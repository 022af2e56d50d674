import { maskedValue } from '../../masked-value.ts'
import { refuseQuery } from '../../query-errors.ts'
import type { ResultField } from '../exchange.ts'
import type { Decode } from '../values/decode-value.ts'
import type { MaskCatalog } from './mask-catalog.ts'

/**
 * What hides the values of a masked column, by where the server says that they come from; null for other columns. A column
 * that is named like a masked one and comes from nowhere is refused: the rules on statements should not have let it come.
 */
export function maskOf({ name, tableID, columnID }: ResultField, masks: MaskCatalog): Decode | null {
  if (masks.origins.has(`${tableID}.${columnID}`)) return () => maskedValue
  if (tableID === 0 && masks.columns.has(name))
    throw refuseQuery(`This share masks columns: where ${name} comes from cannot be told.`)
  return null
}
