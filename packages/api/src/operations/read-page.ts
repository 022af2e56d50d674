import { decodeCursor, encodeCursor } from './cursor.ts'

export interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface ListQuery<Row, Item> {
  /** Names the list and whose it is, so that its cursors fit no other: `shares:ws_…`. */
  readonly list: string
  /** Rows after the position, at most `limit`. */
  fetch(page: { readonly limit: number; readonly cursor?: string }): Promise<readonly Row[]>
  position(row: Row): string
  present(row: Row): Item
}

export interface Page<Item> {
  readonly items: Item[]
  readonly nextCursor: string | null
}

/** One page of a list. It asks for one row more than it shows, which tells whether there is a next page. */
export async function readPage<Row, Item>(
  { limit, cursor }: PageRequest,
  query: ListQuery<Row, Item>,
): Promise<Page<Item>> {
  const after = cursor === undefined ? {} : { cursor: decodeCursor(query.list, cursor) }
  const rows = await query.fetch({ limit: limit + 1, ...after })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const hasMore = rows.length > limit && last !== undefined
  return {
    items: shown.map((row) => query.present(row)),
    nextCursor: hasMore ? encodeCursor(query.list, query.position(last)) : null,
  }
}
