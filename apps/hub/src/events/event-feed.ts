import type { EventRow } from '@private-connect/db'
import type { EventBus } from '../bus/event-bus.ts'
import type { Logger } from '../logging.ts'
import { EventChannel, type EventStore } from './event-channel.ts'

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

export interface EventFeed {
  /**
   * The events of a workspace in order, in batches, without an end: it ends with the signal. However many follow a
   * workspace, each batch is read once; nobody's pace holds another up, as a slow one reads from the store later.
   * A number that the workspace has not reached, as of a database that was restored, counts as null.
   */
  follow(following: Following): AsyncGenerator<readonly EventRow[], void, void>
  close(): void
}

/** Live events for any number of subscribers: one reader of the store for each workspace that somebody follows. */
export function createEventFeed(options: EventFeedOptions): EventFeed {
  const { store, bus, log, pollMs = 2_000, ringMax = 1_000 } = options
  const channels = new Map<string, EventChannel>()
  const unsubscribe = bus.subscribe('events.appended', (workspaceId) => channels.get(workspaceId)?.wake())
  const timer = setInterval(() => void poll(), pollMs).unref()
  let isPolling = false

  async function poll(): Promise<void> {
    if (channels.size === 0 || isPolling) return
    isPolling = true
    try {
      for (const { workspaceId, seq } of await store.listHeads([...channels.keys()])) {
        const channel = channels.get(workspaceId)
        if (channel !== undefined && channel.seq < seq) channel.wake()
      }
    } catch (err) {
      log.warn({ err }, 'could not look for events, will retry')
    } finally {
      isPolling = false
    }
  }

  function enter(workspaceId: string): EventChannel {
    let channel = channels.get(workspaceId)
    if (channel === undefined || channel.hasFailed) {
      channel = new EventChannel({ store, log, workspaceId, ringMax })
      channels.set(workspaceId, channel)
    }
    channel.followerCount += 1
    return channel
  }

  function leave(channel: EventChannel): void {
    channel.followerCount -= 1
    if (channel.followerCount > 0) return
    if (channels.get(channel.workspaceId) === channel) channels.delete(channel.workspaceId)
  }

  return {
    async *follow({ workspaceId, afterSeq, signal }) {
      const channel = enter(workspaceId)
      try {
        await channel.opened
        let seq = afterSeq === null || afterSeq > channel.seq ? channel.seq : afterSeq
        while (!signal.aborted) {
          const batch = await channel.readAfter(seq)
          const last = batch.at(-1)
          if (last === undefined) {
            await channel.whenMore(seq, signal)
          } else {
            seq = last.seq
            yield batch
          }
        }
      } finally {
        leave(channel)
      }
    },
    close() {
      clearInterval(timer)
      unsubscribe()
    },
  }
}
