/** One `column`, `table.column` or `schema.table.column` of the share, folded by `foldName`. */
export interface MaskedColumn {
  readonly schema: string | null
  readonly table: string
  readonly column: string
}

/**
 * A name as servers compare names, and a little coarser: case, accents and the odd letters that fold to ASCII (`ı`, `ſ`)
 * do not count. Two names that a server takes for one are one here; the other way round only masks too much.
 */
export function foldName(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase().toLowerCase().replaceAll('ı', 'i')
}

/** The share's list; an entry without a table holds for every table. */
export function parseMaskedColumns(entries: readonly string[]): MaskedColumn[] {
  return entries.map((entry) => {
    const parts = entry.split('.').map((part) => foldName(part.trim().replace(/^`(.*)`$/, '$1')))
    const [column = '', table = '*', schema] = parts.toReversed()
    return { schema: schema ?? null, table, column }
  })
}

/** Where a column of a result comes from, as the server reports it; empty texts where it is no column of a table. */
export interface ColumnOrigin {
  readonly schema: string
  readonly orgTable: string
  readonly orgName: string
  readonly name: string
}

/** Whether a column's values are masked: by its origin, and where it has none by its name alone. */
export function isMaskedOrigin(origin: ColumnOrigin, masked: readonly MaskedColumn[]): boolean {
  const [schema, table] = [foldName(origin.schema), foldName(origin.orgTable)]
  const names = new Set([foldName(origin.orgName), ...(table === '' ? [foldName(origin.name)] : [])])
  return masked.some(
    (one) =>
      names.has(one.column) &&
      (table === '' || one.table === '*' || one.table === table) &&
      (schema === '' || one.schema === null || one.schema === schema),
  )
}
