import { AppError } from '@private-connect/errors'
import type { Dial, UpstreamService } from '../dial.ts'
import { createDeadline, type Deadline } from './deadline.ts'
import type { CutQueue } from './cut-queue.ts'
import { createUpstreamPool, type UpstreamPool } from '../upstream/upstream-pool.ts'
import { OpenVisits } from './open-visits.ts'
import type { ServePorts, ServeSettings } from '../ports.ts'
import type { ShareGrant } from '../share-grant.ts'
import type { Visit } from '../visit.ts'

/** How long a share whose time has come stays open while it is asked whether that time was moved. */
const askTimeoutMs = 500

export interface LiveShareOptions {
  readonly id: string
  /** A share stays with its service for life. */
  readonly serviceId: string
  readonly ports: ServePorts
  readonly settings: ServeSettings
  /** Visits that are open on this node, over all shares. */
  readonly gauge: { openCount: number }
  /** The same over all shares of this one's workspace. */
  readonly workspace: { openCount: number }
  readonly cutQueue: CutQueue
  /** Called when the time of the share has come; expected to cut it. */
  readonly onExpiry: (shareId: string) => void
}

/** What one share has open: visits, pooled upstream connections, and the timer that ends both when it expires. */
export class LiveShare {
  readonly id: string
  readonly serviceId: string
  readonly workspace: LiveShareOptions['workspace']
  /** Nothing may be opened on it any more: it is no longer the one that a cut would find. */
  isCut = false
  lastUsedMs = performance.now()
  readonly #gauge: LiveShareOptions['gauge']
  readonly #cutQueue: CutQueue
  readonly #dial: Dial
  readonly #onExpiry: (shareId: string) => void
  readonly #settings: ServeSettings
  readonly #ports: ServePorts
  readonly #visits = new OpenVisits()
  #pool: UpstreamPool | null = null
  #expiresAtMs: number | null = null
  #expiry: Deadline | null = null
  #isAsking = false
  /** A link that leads to it, to ask for its present end by. */
  #token: string | null = null

  constructor(options: LiveShareOptions) {
    const { id, serviceId, workspace, ports, settings, gauge, cutQueue, onExpiry } = options
    this.id = id
    this.serviceId = serviceId
    this.workspace = workspace
    this.#gauge = gauge
    this.#cutQueue = cutQueue
    this.#onExpiry = onExpiry
    this.#dial = ports.dial
    this.#settings = settings
    this.#ports = ports
  }

  get openCount(): number {
    return this.#visits.size
  }

  /** Counts a visit that is authorized; from here on a cut reaches it. */
  open(visit: Visit): void {
    this.#visits.add(visit)
    this.#gauge.openCount += 1
    this.workspace.openCount += 1
    this.#token = visit.link.token
    this.#watchExpiry(visit.rules.grant.expiresAtMs)
  }

  /** Ends visits that hold a place and move nothing: silent ones, and those whose visitor does not take its answer. */
  cutIdle(nowMs: number): void {
    const { silentTimeoutMs, stalledTimeoutMs } = this.#settings
    for (const visit of this.#visits.list()) {
      if (visit.progress.silentMs(nowMs) >= silentTimeoutMs) visit.cut(timedOut('No byte moved for too long'))
      else if (visit.progress.stalledMs(nowMs) >= stalledTimeoutMs)
        visit.cut(timedOut('Nobody takes the answer'))
    }
  }

  /** Its timer stood still while the machine slept; the time of shares did not. */
  checkEnd(): void {
    const endMs = this.#expiresAtMs
    if (endMs === null || this.isCut || this.#isAsking || this.#ports.nowMs() < endMs) return
    this.#expiry?.cancel()
    void this.#askWhetherMoved(endMs)
  }

  release(visit: Visit): void {
    if (!this.#visits.delete(visit)) return
    this.#gauge.openCount -= 1
    this.workspace.openCount -= 1
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

  /** Ends everything that is open. The pool goes after the visits: destroyed first, it would answer them itself. */
  cut(reason: Error): void {
    this.isCut = true
    this.#expiry?.cancel()
    this.#expiry = null
    this.#expiresAtMs = null
    const visits = this.#visits.list()
    if (visits.length === 0) this.dropPool()
    else this.#cutQueue.add({ visits, reason, onStopped: () => this.dropPool() })
  }

  #watchExpiry(expiresAtMs: number | null): void {
    if (expiresAtMs === this.#expiresAtMs) return
    this.#expiry?.cancel()
    this.#expiresAtMs = expiresAtMs
    this.#expiry = null
    if (expiresAtMs === null) return
    const reached = (): void => void this.#askWhetherMoved(expiresAtMs)
    this.#expiry = createDeadline(expiresAtMs - this.#ports.nowMs(), reached)
  }

  /** A later end is told to nobody: what is open only learns of it here, when the end that it began with has come. */
  async #askWhetherMoved(expiresAtMs: number): Promise<void> {
    this.#isAsking = true
    // Without an answer it ends: an end that cannot be checked holds.
    this.#expiry = createDeadline(askTimeoutMs, () => this.#onExpiry(this.id))
    const grant = await findGrant(this.#ports, this.#token)
    this.#isAsking = false
    // A visit with a newer grant may have come in meanwhile, or a cut.
    if (this.isCut || this.#expiresAtMs !== expiresAtMs) return
    if (isOpenAfter(expiresAtMs, grant)) this.#watchExpiry(grant.expiresAtMs)
    else this.#onExpiry(this.id)
  }
}

function timedOut(message: string): AppError {
  return new AppError('request.timeout', undefined, { message })
}

/** Null also where it could not be found out. */
async function findGrant(ports: ServePorts, token: string | null): Promise<ShareGrant | null> {
  try {
    return token === null ? null : await ports.findShare(token)
  } catch {
    return null
  }
}

function isOpenAfter(timeMs: number, grant: ShareGrant | null): grant is ShareGrant {
  if (grant === null || grant.isRevoked) return false
  return grant.expiresAtMs === null || grant.expiresAtMs > timeMs
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
