export interface KnownVisitorsOptions {
  readonly idleMs: number
  /** How often the store hears of one who stays. */
  readonly touchEveryMs: number
  /** In each of two generations; who is forgotten is looked up in the store. */
  readonly rememberedMax: number
}

interface Sight {
  seenMs: number
  toldMs: number
}

/** What a request of a visitor is: the first one, or the first one after a while; one that the store should hear of; or nothing. */
export type Sighting = 'visit' | 'stay' | 'known'

export interface KnownVisitors {
  /** `nowMs` never goes back. */
  see(visitorId: string, nowMs: number): Sighting
}

/** Who has been here lately. Asked with every request: it costs one look into a map. */
export function createKnownVisitors({
  idleMs,
  touchEveryMs,
  rememberedMax,
}: KnownVisitorsOptions): KnownVisitors {
  let young = new Map<string, Sight>()
  let old = new Map<string, Sight>()

  function remember(visitorId: string, sight: Sight): void {
    if (young.size >= rememberedMax) {
      old = young
      young = new Map()
    }
    young.set(visitorId, sight)
  }

  return {
    see(visitorId, nowMs) {
      let sight = young.get(visitorId)
      if (sight === undefined) {
        sight = old.get(visitorId)
        if (sight === undefined) {
          remember(visitorId, { seenMs: nowMs, toldMs: nowMs })
          return 'visit'
        }
        remember(visitorId, sight)
      }
      const idleForMs = nowMs - sight.seenMs
      sight.seenMs = nowMs
      if (idleForMs < idleMs && nowMs - sight.toldMs < touchEveryMs) return 'known'
      sight.toldMs = nowMs
      return idleForMs < idleMs ? 'stay' : 'visit'
    },
  }
}
