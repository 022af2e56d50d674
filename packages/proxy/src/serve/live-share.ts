import { AppError } from '@private-connect/errors'
import type { Dial, UpstreamService } from './dial.ts'
import { createDeadline, type Deadline } from './deadline.ts'
import { createUpstreamPool, type UpstreamPool } from './upstream/upstream-pool.ts'
import { OpenVisits } from './open-visits.ts'
import type { ServePorts, ServeSettings, ShareGrant } from './ports.ts'
import type { Visit } from './visit.ts'

const cutsPerTick = 256

export interface LiveShareOptions {
  readonly id: string
  /** A share stays with its service for life. */
  readonly serviceId: string
  readonly ports: ServePorts
  readonly settings: ServeSettings
  /** Visits that are open on this node, over all shares. */
  readonly gauge: { openCount: number }
  /** Called when the time of the share has come; expected to cut it. */
  readonly onExpiry: (shareId: string) => void
}

/** What one share has open: visits, pooled upstream connections, and the timer that ends both when it expires. */
export class LiveShare {
  readonly id: string
  readonly serviceId: string
  /** Nothing may be opened on it any more: it is no longer the one that a cut would find. */
  isCut = false
  lastUsedMs = performance.now()
  readonly #gauge: LiveShareOptions['gauge']
  readonly #dial: Dial
  readonly #onExpiry: (shareId: string) => void
  readonly #settings: ServeSettings
  readonly #nowMs: () => number
  readonly #visits = new OpenVisits()
  #pool: UpstreamPool | null = null
  #expiresAtMs: number | null = null
  #expiry: Deadline | null = null

  constructor({ id, serviceId, ports, settings, gauge, onExpiry }: LiveShareOptions) {
    this.id = id
    this.serviceId = serviceId
    this.#gauge = gauge
    this.#onExpiry = onExpiry
    this.#dial = ports.dial
    this.#settings = settings
    this.#nowMs = () => ports.nowMs()
  }

  get openCount(): number {
    return this.#visits.size
  }

  /** Counts a visit that is authorized; from here on a cut reaches it. */
  open(visit: Visit): void {
    this.#visits.add(visit)
    this.#gauge.openCount += 1
    this.#watchExpiry(visit.rules.grant)
  }

  /** Ends visits whose visitor has neither sent nor taken a byte for too long. */
  cutSilent(now: number): void {
    for (const visit of this.#visits.list()) {
      if (visit.silentMs(now) < this.#settings.silentTimeoutMs) continue
      visit.cut(new AppError('upstream.timeout', undefined, { message: 'No byte moved for too long' }))
    }
  }

  release(visit: Visit): void {
    if (!this.#visits.delete(visit)) return
    this.#gauge.openCount -= 1
    this.lastUsedMs = performance.now()
  }

  /** The share's own upstream connections; never shared with another share. A moved service gets a new pool. */
  poolFor(service: UpstreamService): UpstreamPool {
    if (this.#pool !== null && !isSameTarget(this.#pool.service, service)) this.dropPool()
    this.#pool ??= createUpstreamPool({
      service,
      shareId: this.id,
      dial: this.#dial,
      settings: this.#settings,
    })
    return this.#pool
  }

  dropPool(): void {
    this.#pool?.destroy(new AppError('upstream.failed', undefined, { message: 'The pool was dropped' }))
    this.#pool = null
  }

  /** Ends everything that is open, a batch per tick so that other shares keep moving (10,000 at once cost 1 s). */
  cut(reason: Error): void {
    this.isCut = true
    this.#expiry?.cancel()
    this.#expiry = null
    this.#expiresAtMs = null
    this.#cutBatch(this.#visits.list(), 0, reason)
  }

  /** The pool goes last: destroyed first, it would answer visits with its own failure. */
  #cutBatch(visits: readonly Visit[], from: number, reason: Error): void {
    const end = Math.min(visits.length, from + cutsPerTick)
    for (let at = from; at < end; at += 1) visits[at]?.cut(reason)
    if (end < visits.length) setImmediate(() => this.#cutBatch(visits, end, reason))
    else this.dropPool()
  }

  #watchExpiry({ expiresAtMs }: ShareGrant): void {
    if (expiresAtMs === this.#expiresAtMs) return
    this.#expiry?.cancel()
    this.#expiresAtMs = expiresAtMs
    this.#expiry =
      expiresAtMs === null ? null : createDeadline(expiresAtMs - this.#nowMs(), () => this.#onExpiry(this.id))
  }
}

function isSameTarget(a: UpstreamService, b: UpstreamService): boolean {
  return (
    a === b ||
    (a.id === b.id &&
      a.agentId === b.agentId &&
      a.targetHost === b.targetHost &&
      a.targetPort === b.targetPort &&
      a.protocol === b.protocol &&
      a.acceptsSelfSigned === b.acceptsSelfSigned)
  )
}
