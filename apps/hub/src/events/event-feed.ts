import type { EventRow } from '@private-connect/db'
import type { EventBus } from '../bus/event-bus.ts'
import type { Logger } from '../logging.ts'
import { EventChannel, type EventStore, type Follower } from './event-channel.ts'

export interface EventFeedOptions {
  readonly store: EventStore
  readonly bus: EventBus
  readonly log: Pick<Logger, 'warn'>
  /** How often the store is asked whether it has more than the bus told of. */
  readonly pollMs?: number
  /** Events of each followed workspace that are kept in memory for all its subscribers. */
  readonly ringMax?: number
}

export interface Following {
  readonly workspaceId: string
  /** What was seen last; null: begin with what happens from now on. */
  readonly afterSeq: number | null
  readonly signal: AbortSignal
}

interface Begun {
  /** What was seen last. */
  readonly afterSeq: number
  /** Where the channel was. */
  readonly nowSeq: number
  readonly signal: AbortSignal
}

/** Live events for any number of subscribers: one reader of the store for each workspace that somebody follows. */
export class EventFeed {
  readonly #options: EventFeedOptions
  readonly #channels = new Map<string, EventChannel>()
  readonly #unsubscribe: () => void
  readonly #timer: NodeJS.Timeout
  #isPolling = false

  constructor(options: EventFeedOptions) {
    this.#options = options
    this.#unsubscribe = options.bus.subscribe('events.appended', (workspaceId) =>
      this.#channels.get(workspaceId)?.wake(),
    )
    this.#timer = setInterval(() => void this.#poll(), options.pollMs ?? 2_000).unref()
  }

  /**
   * The events of a workspace in order, in batches, without an end: it ends with the signal. However many follow a
   * workspace, each batch is read once; nobody's pace holds another up, as a slow one reads from the store later.
   * A number that the workspace has not reached, as of a database that was restored, counts as null. What happens once it
   * has resolved is among them. Whoever has it iterates it: it is given up in no other way.
   */
  async follow({
    workspaceId,
    afterSeq,
    signal,
  }: Following): Promise<AsyncGenerator<readonly EventRow[], void, void>> {
    const channel = this.#enter(workspaceId)
    // Whoever iterates it hears of a failure.
    await channel.opened.catch(() => {})
    const nowSeq = channel.seq
    return this.#readAfter(channel, { afterSeq: afterSeq ?? nowSeq, nowSeq, signal })
  }

  async *#readAfter(
    channel: EventChannel,
    { afterSeq, nowSeq, signal }: Begun,
  ): AsyncGenerator<readonly EventRow[], void, void> {
    const follower: Follower = { wake: () => {} }
    const leave = (): void => follower.wake()
    signal.addEventListener('abort', leave)
    try {
      await channel.opened
      const isReached = afterSeq <= nowSeq || (await channel.hasReached(afterSeq))
      let seq = isReached ? afterSeq : nowSeq
      while (!signal.aborted) {
        const knownSeq = channel.seq
        const batch = await channel.readAfter(seq)
        const last = batch.at(-1)
        if (last === undefined) {
          // What it has missed is no longer kept: asking again would find as little.
          seq = Math.max(seq, knownSeq)
          if (!signal.aborted) await channel.whenMore(seq, follower)
        } else {
          seq = last.seq
          yield batch
        }
      }
    } finally {
      signal.removeEventListener('abort', leave)
      this.#leave(channel)
    }
  }

  close(): void {
    clearInterval(this.#timer)
    this.#unsubscribe()
  }

  /** What the bus has lost. */
  async #poll(): Promise<void> {
    if (this.#channels.size === 0 || this.#isPolling) return
    this.#isPolling = true
    try {
      for (const { workspaceId, seq } of await this.#options.store.listHeads([...this.#channels.keys()])) {
        const channel = this.#channels.get(workspaceId)
        if (channel !== undefined && channel.seq < seq) channel.wake()
      }
    } catch (err) {
      this.#options.log.warn({ err }, 'could not look for events, will retry')
    } finally {
      this.#isPolling = false
    }
  }

  #enter(workspaceId: string): EventChannel {
    const known = this.#channels.get(workspaceId)
    const { store, log, ringMax = 1_000 } = this.#options
    const channel =
      known === undefined || known.hasFailed ? new EventChannel({ store, log, workspaceId, ringMax }) : known
    this.#channels.set(workspaceId, channel)
    channel.followerCount += 1
    return channel
  }

  #leave(channel: EventChannel): void {
    channel.followerCount -= 1
    if (channel.followerCount > 0) return
    if (this.#channels.get(channel.workspaceId) === channel) this.#channels.delete(channel.workspaceId)
  }
}
