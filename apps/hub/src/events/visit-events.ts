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
  /** Between two batches. */
  readonly pauseMs?: number
  readonly waitingMax?: number
  /** New visitors of one share that are told in a minute; those of a flood are not. */
  readonly perShareMax?: number
  /** And of one network on one share, where one machine can pretend to be many. */
  readonly perNetworkMax?: number
}

const retryMs = 250
const longMs = 60_000

/** Turns requests into visits: bounded memory, one look into a map for each request, a batch every few milliseconds. */
export class VisitEvents {
  readonly #options: VisitEventsOptions
  readonly #monotonicMs: () => number
  readonly #limiter: RateLimiter
  readonly #visitors = createKnownVisitors({
    idleMs: visitIdleMs,
    touchEveryMs: 60_000,
    rememberedMax: 50_000,
  })
  readonly #refusals = createRefusals()
  #seen = new Map<string, SeenVisitor>()
  #denied: DeniedVisitor[] = []
  #stayed = new Map<string, Date>()
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<void> | null = null
  #pauseEndMs = 0
  /** Visits and refusals that were not told, under pressure or of a flood. */
  untoldCount = 0

  constructor(options: VisitEventsOptions) {
    this.#options = options
    this.#monotonicMs = options.monotonicMs ?? (() => performance.now())
    this.#limiter = createMemoryRateLimiter({ nowMs: this.#monotonicMs })
  }

  /** The shared service answers this visit: on the hot path. */
  answered(visit: AnsweredVisit): void {
    const { visitorId } = visit
    const sighting = this.#visitors.see(visitorId, this.#monotonicMs())
    if (sighting === 'known') return
    if (sighting === 'stay') this.#stayed.set(visitorId, new Date(visit.timestampMs))
    else if (this.#mayTell('seen', visit)) this.#seen.set(visitorId, toSeen(visit))
    this.#flushSoon()
  }

  /** A request is over. Refused ones are told of here, and long ones were a visit until now. */
  ended(record: AccessRecord): void {
    const { denied: reason, visitorId } = record
    if (reason === null) {
      if (record.latencyMs >= longMs) this.#visitors.see(visitorId, this.#monotonicMs())
      return
    }
    if (!this.#refusals.isNew(`${visitorId} ${reason}`, this.#monotonicMs())) return
    if (!this.#mayTell('denied', record)) return
    this.#denied.push({ ...toSeen(record), reason })
    this.#flushSoon()
  }

  /** Tells what waits. */
  async close(): Promise<void> {
    for (let attempts = 0; attempts < 5; attempts += 1) {
      await (this.#writing ?? this.#flush())
      if (this.#waitingCount + this.#stayed.size === 0) break
    }
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  get #waitingCount(): number {
    return this.#seen.size + this.#denied.length
  }

  #mayTell(kind: string, { shareId, ipAddress }: Pick<AnsweredVisit, 'shareId' | 'ipAddress'>): boolean {
    const { waitingMax = 5_000, perNetworkMax = 60, perShareMax = 600 } = this.#options
    const share = `${kind} ${shareId}`
    const isTold =
      this.#waitingCount < waitingMax &&
      isAllowed(this.#limiter, `${share} ${networkOf(ipAddress)}`, perNetworkMax) &&
      isAllowed(this.#limiter, share, perShareMax)
    if (!isTold) this.untoldCount += 1
    return isTold
  }

  #flushSoon(): void {
    if (this.#writing !== null || this.#timer !== null) return
    // The first after a pause is told at once; in a crowd they wait for each other.
    const waitMs = Math.max(0, this.#pauseEndMs - performance.now())
    this.#timer = setTimeout(() => {
      this.#timer = null
      void this.#flush()
    }, waitMs)
  }

  #flush(): Promise<void> {
    this.#writing = this.#write().finally(() => {
      this.#writing = null
      this.#pauseEndMs = performance.now() + (this.#options.pauseMs ?? 20)
      if (this.#waitingCount + this.#stayed.size > 0) this.#flushSoon()
    })
    return this.#writing
  }

  async #write(): Promise<void> {
    const batch = { seen: Array.from(this.#seen.values()), denied: this.#denied }
    const stayed = Array.from(this.#stayed, ([visitorId, seenAt]) => ({ visitorId, seenAt }))
    this.#seen = new Map()
    this.#denied = []
    this.#stayed = new Map()
    const { touch, tell, eventsAppended, log } = this.#options
    if (stayed.length > 0) {
      // Who stays is told of again in a minute.
      await touch(stayed).catch((err: unknown) => log.warn({ err }, 'visitors could not be noted'))
    }
    try {
      if (batch.seen.length + batch.denied.length > 0) {
        const events = await tell(batch)
        for (const id of new Set(events.map(({ workspaceId }) => workspaceId))) eventsAppended(id)
      }
    } catch (err) {
      log.warn({ err, visits: batch.seen.length }, 'visits could not be told, will retry')
      this.#takeBack(batch)
      await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
  }

  #takeBack({ seen, denied }: VisitBatch): void {
    for (const visitor of seen) {
      if (!this.#seen.has(visitor.visitorId)) this.#seen.set(visitor.visitorId, visitor)
    }
    this.#denied = [...denied, ...this.#denied]
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
function createRefusals() {
  const toldMax = 20_000
  let young = new Map<string, number>()
  let old = new Map<string, number>()
  return {
    isNew(key: string, nowMs: number): boolean {
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
