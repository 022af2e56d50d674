import { setImmediate, setTimeout as wait } from 'node:timers/promises'
import type { EventRow } from '@private-connect/db'
import type { Logger } from '../logging.ts'

export interface EventStore {
  /** What happened after `seq`, oldest first. */
  listAfter(input: {
    readonly workspaceId: string
    readonly seq: number
    readonly limit: number
  }): Promise<EventRow[]>
  /** The number of each workspace's newest event. */
  listHeads(
    workspaceIds: readonly string[],
  ): Promise<readonly { readonly workspaceId: string; readonly seq: number }[]>
}

export interface EventChannelOptions {
  readonly store: EventStore
  readonly log: Pick<Logger, 'warn'>
  readonly workspaceId: string
  readonly ringMax: number
}

/** Who follows: `wake` is its channel's to set and anybody's to call. */
export interface Follower {
  wake: () => void
}

const pageMax = 500
/** Rows from the store are one follower's own, those from memory are everybody's. */
const lateMax = 100
const wokenMax = 250
const retryMs = 250

/**
 * One workspace's events as they come. Followers hold no queues: each has a number, and asks for what comes after it.
 * The newest events are in memory for all; who is further behind reads pages of the store.
 */
export class EventChannel {
  readonly workspaceId: string
  /** Resolves once `seq` is the newest event's number. */
  readonly opened: Promise<void>
  seq = 0
  hasFailed = false
  followerCount = 0
  readonly #options: EventChannelOptions
  /** The events up to `seq`, without a gap. */
  readonly #ring: EventRow[] = []
  readonly #waiting = new Set<Follower>()
  #isReading = false
  #isAskedAgain = false

  constructor(options: EventChannelOptions) {
    this.#options = options
    this.workspaceId = options.workspaceId
    this.opened = this.#open()
    this.opened.catch(() => (this.hasFailed = true))
  }

  async #open(): Promise<void> {
    const { store, ringMax } = this.#options
    const [head] = await store.listHeads([this.workspaceId])
    // Whoever was away for a moment comes back now, with everybody else: they are served from here.
    const newest = head?.seq ?? 0
    this.seq = Math.max(0, newest - ringMax)
    await this.#readOn()
    // Old events are deleted, their numbers stay.
    this.seq = Math.max(this.seq, newest)
  }

  /** There may be more in the store. */
  wake(): void {
    if (this.#isReading) {
      this.#isAskedAgain = true
      return
    }
    void this.#readUntilDone()
  }

  /** Whether the store has come to a number that was not read here yet: another node told of it. */
  async hasReached(seq: number): Promise<boolean> {
    const [head] = await this.#options.store.listHeads([this.workspaceId])
    return head !== undefined && seq <= head.seq
  }

  /** The next events after a number, a page at most; empty when there are none yet, or none any more. */
  async readAfter(seq: number): Promise<readonly EventRow[]> {
    if (seq >= this.seq) return []
    const ring = this.#ring
    const [first] = ring
    if (first !== undefined && seq >= first.seq - 1) {
      const before = ring.findLastIndex((event) => event.seq <= seq)
      return ring.slice(before + 1, before + 1 + pageMax)
    }
    return this.#options.store.listAfter({ workspaceId: this.workspaceId, seq, limit: lateMax })
  }

  /** Resolves when there are events after `seq`, or its follower is woken. */
  async whenMore(seq: number, follower: Follower): Promise<void> {
    if (this.seq > seq) return
    await new Promise<void>((resolve) => {
      follower.wake = resolve
      this.#waiting.add(follower)
    })
    this.#waiting.delete(follower)
  }

  async #readUntilDone(): Promise<void> {
    this.#isReading = true
    try {
      await this.opened
      do {
        this.#isAskedAgain = false
        await this.#tryReadOn()
      } while (this.#isAskedAgain)
    } catch {
      // It did not open: its followers know, and the next one gets another.
    } finally {
      this.#isReading = false
    }
  }

  async #tryReadOn(): Promise<void> {
    try {
      await this.#readOn()
    } catch (err) {
      this.#options.log.warn({ err }, 'events could not be read, will retry')
      this.#isAskedAgain = this.followerCount > 0
      await wait(retryMs)
    }
  }

  async #readOn(): Promise<void> {
    const { store } = this.#options
    for (let isMore = true; isMore;) {
      const input = { workspaceId: this.workspaceId, seq: this.seq, limit: pageMax }
      const rows = await store.listAfter(input)
      this.#take(rows)
      isMore = rows.length === pageMax
    }
  }

  #take(rows: readonly EventRow[]): void {
    const last = rows.at(-1)
    if (last === undefined) return
    this.#ring.push(...rows)
    this.#ring.splice(0, this.#ring.length - this.#options.ringMax)
    this.seq = last.seq
    void this.#wakeAll()
  }

  /** Not all at once: each writes to its client then, and requests must not wait for thousands of those. */
  async #wakeAll(): Promise<void> {
    const waiting = Array.from(this.#waiting)
    for (let at = 0; at < waiting.length; at += wokenMax) {
      if (at > 0) await setImmediate()
      for (const { wake } of waiting.slice(at, at + wokenMax)) wake()
    }
  }
}
