import { Failure } from '@private-connect/sharing'
import type { StoredRecord } from './stored-records.ts'

/** The links that this machine was given: the hub keeps none. */
export interface ShareLinks {
  find(shareId: string): string | null
  /** Rejects with a Failure for what is no web address. */
  keep(shareId: string, url: string): Promise<void>
  forget(shareId: string): Promise<void>
}

/**
 * A link as it is shown, copied and opened: an address and nothing else, with no line end in it that whoever pastes it would run.
 * Throws a Failure for what is no web address.
 */
export function readLink(text: string): string {
  const url = URL.parse(text)
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href
  throw new Failure('usage', 'A link must be an http or https address.')
}

/** The oldest are forgotten. */
const linksMax = 500

export function createShareLinks(record: StoredRecord<Readonly<Record<string, string>>>): ShareLinks {
  const read = (): Map<string, string> => new Map(Object.entries(record.read() ?? {}))
  const write = async (links: Map<string, string>): Promise<void> =>
    record.write(Object.fromEntries([...links].slice(-linksMax)))
  return {
    find: (shareId) => read().get(shareId) ?? null,
    async keep(shareId, url) {
      const link = readLink(url)
      const links = read()
      links.delete(shareId)
      await write(links.set(shareId, link))
    },
    async forget(shareId) {
      const links = read()
      if (links.delete(shareId)) await write(links)
    },
  }
}
