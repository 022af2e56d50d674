/** A slice of a list, newest first. `cursor` is the id of the last row that the caller has. */
export interface Page {
  readonly limit: number
  readonly cursor?: string | undefined
}

/** The last row that a reader has of a list that is in the order of its times: rows may share one, so the id breaks the tie. */
export interface TimeCursor {
  readonly timestamp: Date
  readonly id: string
}

/** Behind every id in any collation: ids begin with lower-case words. */
const behindEveryId = 'zzz'

/** The id that all of a page come before. */
export function pageEnd(page: Page): string {
  return page.cursor ?? behindEveryId
}

/** What a list query adds for its page; fetch one row more than asked to know whether there is a next page. */
export function pageFilter(page: Page): { id?: { lt: string } } {
  return page.cursor === undefined ? {} : { id: { lt: page.cursor } }
}
