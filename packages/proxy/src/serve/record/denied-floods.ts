import { networkOf } from '@private-connect/network'
import { createMemoryRateLimiter } from '../policy/memory-rate-limiter.ts'
import type { AccessRecord } from '../ports.ts'

export interface DeniedFloods {
  /** Counts a denied request of an address that had its share of the list already; false where it is to be listed. */
  takes(entry: AccessRecord): boolean
  /** One record for each flood since the last call, the latest of its requests; it stands for all of them. */
  drain(): AccessRecord[]
  readonly count: number
}

export interface DeniedFloodsOptions {
  readonly nowMs: () => number
  /** Denied requests of one address (IPv6: one /64) that are listed per minute. */
  readonly listedPerMin: number
}

/** Floods that are told apart; what exceeds them is in the count alone. */
const floodsMax = 10_000

/** What is refused without end must not fill the log: it is counted by share, address and reason. */
export function createDeniedFloods({ nowMs, listedPerMin }: DeniedFloodsOptions): DeniedFloods {
  const listed = createMemoryRateLimiter({ nowMs, keysMax: floodsMax })
  let floods = new Map<
    string,
    { latest: AccessRecord; requests: number; bytesIn: number; bytesOut: number }
  >()
  let count = 0
  return {
    takes(entry) {
      if (entry.denied === null) return false
      const network = networkOf(entry.ipAddress)
      if (listed.consume(network, listedPerMin).isAllowed) return false
      count += 1
      const key = `${entry.shareId} ${network} ${entry.denied}`
      const flood = floods.get(key)
      if (flood !== undefined) {
        flood.latest = entry
        flood.requests += 1
        flood.bytesIn += entry.bytesIn
        flood.bytesOut += entry.bytesOut
      } else if (floods.size < floodsMax) {
        floods.set(key, { latest: entry, requests: 1, bytesIn: entry.bytesIn, bytesOut: entry.bytesOut })
      }
      return true
    },
    drain() {
      const ended = floods
      floods = new Map()
      return Array.from(ended.values(), ({ latest, requests, bytesIn, bytesOut }) =>
        Object.assign({}, latest, { bytesIn, bytesOut, suppressedCount: requests - 1 }),
      )
    },
    get count() {
      return count
    },
  }
}
