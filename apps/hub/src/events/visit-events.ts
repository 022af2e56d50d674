import { visitIdleMs, type DeniedVisitor, type EventRow, type SeenVisitor } from '@private-connect/db'
import { networkOf } from '@private-connect/network'
import {
  createMemoryRateLimiter,
  type AccessRecord,
  type AnsweredVisit,
  type RateLimiter,
} from '@private-connect/proxy/serve'
import { isbot } from 'isbot'
import type { Logger } from '../logging.ts'
import { createKnownVisitors } from './known-visitors.ts'

export interface VisitBatch {
  readonly seen: readonly SeenVisitor[]
  readonly denied: readonly DeniedVisitor[]
}

export interface VisitEventsOptions {
  /** Tells visits durably, in one transaction, and answers the events that came of them. */
  readonly tell: (batch: VisitBatch) => Promise<readonly Pick<EventRow, 'workspaceId'>[]>
  readonly touch: (visitors: readonly { visitorId: string; seenAt: Date }[]) => Promise<void>
  readonly eventsAppended: (workspaceId: string) => void
  readonly log: Pick<Logger, 'warn'>
  /** Elapsed time, which nobody sets. */
  readonly monotonicMs?: () => number
  readonly flushMs?: number
  readonly waitingMax?: number
  /** New visitors of one share that are told in a minute; those of a flood are not. */
  readonly perShareMax?: number
  /** And of one network on one share, where one machine can pretend to be many. */
  readonly perNetworkMax?: number
}

export interface VisitEvents {
  /** The shared service answers this visit: on the hot path. */
  answered(visit: AnsweredVisit): void
  /** A request is over. Refused ones are told of here, and long ones were a visit until now. */
  ended(record: AccessRecord): void
  /** Tells what waits. */
  close(): Promise<void>
  /** Visits and refusals that were not told, under pressure or of a flood. */
  readonly untoldCount: number
}

const retryMs = 250
const longMs = 60_000

/** Turns requests into visits: bounded memory, one look into a map for each request, a batch every few milliseconds. */
export function createVisitEvents(options: VisitEventsOptions): VisitEvents {
  const { monotonicMs = () => performance.now(), flushMs = 20, waitingMax = 5_000 } = options
  const limits = { share: options.perShareMax ?? 600, network: options.perNetworkMax ?? 60 }
  const limiter = createMemoryRateLimiter({ nowMs: monotonicMs })
  const remembered = { touchEveryMs: 60_000, rememberedMax: 50_000 }
  const visitors = createKnownVisitors({ idleMs: visitIdleMs, ...remembered })
  const refusals = createRefusals(monotonicMs)
  let seen = new Map<string, SeenVisitor>()
  let denied: DeniedVisitor[] = []
  let stayed = new Map<string, Date>()
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()
  let isWriting = false
  let untoldCount = 0

  function flushSoon(ms: number): void {
    timer ??= setTimeout(() => {
      timer = null
      void flush()
    }, ms)
  }

  function flush(): Promise<void> {
    if (isWriting) return writing
    isWriting = true
    writing = write().finally(() => {
      isWriting = false
      if (seen.size + denied.length + stayed.size > 0) flushSoon(flushMs)
    })
    return writing
  }

  async function write(): Promise<void> {
    const batch = { seen: [...seen.values()], denied }
    const touched = [...stayed].map(([visitorId, seenAt]) => ({ visitorId, seenAt }))
    seen = new Map()
    denied = []
    stayed = new Map()
    if (touched.length > 0) {
      // One who stays is told of again in a minute.
      await options.touch(touched).catch((err: unknown) => options.log.warn({ err }, 'visitors not touched'))
    }
    if (batch.seen.length + batch.denied.length === 0) return
    try {
      const events = await options.tell(batch)
      for (const id of new Set(events.map(({ workspaceId }) => workspaceId))) options.eventsAppended(id)
    } catch (err) {
      options.log.warn({ err, visits: batch.seen.length }, 'visits could not be told, will retry')
      for (const visitor of batch.seen) if (!seen.has(visitor.visitorId)) seen.set(visitor.visitorId, visitor)
      denied = [...batch.denied, ...denied]
      await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
  }

  function mayTell(kind: string, shareId: string, address: string): boolean {
    const isFull = seen.size + denied.length >= waitingMax
    const network = `${kind} ${shareId} ${networkOf(address)}`
    if (!isFull && isAllowed(limiter, network, limits.network)) {
      if (isAllowed(limiter, `${kind} ${shareId}`, limits.share)) return true
    }
    untoldCount += 1
    return false
  }

  return {
    answered(visit) {
      const { visitorId } = visit
      const sighting = visitors.see(visitorId, monotonicMs())
      if (sighting === 'known') return
      if (sighting === 'stay') stayed.set(visitorId, new Date(visit.timestampMs))
      else if (mayTell('seen', visit.shareId, visit.ipAddress)) seen.set(visitorId, toSeen(visit))
      flushSoon(flushMs)
    },
    ended(record) {
      const { denied: reason, visitorId, shareId, ipAddress } = record
      if (reason === null) {
        if (record.latencyMs >= longMs) visitors.see(visitorId, monotonicMs())
        return
      }
      if (!refusals.isNew(`${visitorId} ${reason}`) || !mayTell('denied', shareId, ipAddress)) return
      denied.push({ ...toSeen(record), reason })
      flushSoon(flushMs)
    },
    async close() {
      if (timer !== null) clearTimeout(timer)
      timer = null
      for (let attempts = 0; attempts < 5; attempts += 1) {
        await flush()
        if (timer !== null) clearTimeout(timer)
        timer = null
        if (seen.size + denied.length + stayed.size === 0) return
      }
    },
    get untoldCount() {
      return untoldCount
    },
  }
}

function isAllowed(limiter: RateLimiter, key: string, perMin: number): boolean {
  const decision = limiter.consume(key, perMin)
  return !(decision instanceof Promise) && decision.isAllowed
}

function toSeen(visit: Omit<AnsweredVisit, 'workspaceId'>): SeenVisitor {
  const { visitorId, shareId, ipAddress, userAgent, timestampMs } = visit
  return { visitorId, shareId, ipAddress, isBot: isbot(userAgent), seenAt: new Date(timestampMs) }
}

/** One of each kind in five minutes, from when it was told. */
function createRefusals(monotonicMs: () => number) {
  const toldMax = 20_000
  let young = new Map<string, number>()
  let old = new Map<string, number>()
  return {
    isNew(key: string): boolean {
      const nowMs = monotonicMs()
      const toldMs = young.get(key) ?? old.get(key)
      if (toldMs !== undefined && nowMs - toldMs < visitIdleMs) return false
      if (young.size >= toldMax) {
        old = young
        young = new Map()
      }
      young.set(key, nowMs)
      return true
    },
  }
}
