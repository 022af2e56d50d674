import type { Event } from '@private-connect/api/contracts'
import { createBackOff, systemClock, type Clock } from '@private-connect/proxy/tunnel'
import type { HubApi } from './hub-api.ts'

export interface LiveEventsOptions {
  readonly api: HubApi
  /** Every event once, in order. */
  readonly onEvent: (event: Event) => void
  /** Whenever the stream is open: from now on nothing is missed. */
  readonly onOpen: () => void
  /** The stream ended or could not be opened; it is tried again. */
  readonly onLost: () => void
  /** Uniform in [0, 1). */
  readonly random?: () => number
  readonly clock?: Pick<Clock, 'setTimer'>
}

/** The workspace's events, until `close`: after every loss they go on where they were. */
export interface LiveEvents {
  /** Opens the stream anew, now. */
  restart(): void
  /** Nothing is tried until `restart`. */
  pause(): void
  close(): void
}

/** A stream that holds so long is none of several attempts. */
const settledMs = 10_000

export function startLiveEvents({
  random = Math.random,
  clock = systemClock,
  ...options
}: LiveEventsOptions): LiveEvents {
  const backOff = createBackOff({ baseMs: 500, maxMs: 30_000, random })
  let lastSeq: number | null = null
  let stopWaiting: () => void = () => undefined
  let stopSettling: () => void = () => undefined
  let stop: () => void = () => undefined

  const pause = (): void => {
    stopWaiting()
    stopSettling()
    stop()
  }
  const open = (): void => {
    stop = openStream(options.api, lastSeq, {
      begins: (afterSeq) => (lastSeq = afterSeq),
      opened() {
        // What opens and breaks at once, as before a hub that only says yes, is asked ever more rarely.
        stopSettling()
        stopSettling = clock.setTimer(() => backOff.reset(), settledMs)
        options.onOpen()
      },
      event(event) {
        if (event.seq <= (lastSeq ?? 0)) return
        lastSeq = event.seq
        options.onEvent(event)
      },
      lost() {
        stopSettling()
        stopWaiting = clock.setTimer(open, backOff.next())
        options.onLost()
      },
    })
  }
  open()
  return {
    pause,
    close: pause,
    restart() {
      pause()
      backOff.reset()
      open()
    },
  }
}

interface StreamListener {
  readonly begins: (afterSeq: number) => void
  readonly opened: () => void
  readonly event: (event: Event) => void
  /** Once, and nothing after it. */
  readonly lost: () => void
}

/** One stream until it is lost; answers how to end it in silence. */
function openStream(api: HubApi, lastSeq: number | null, listener: StreamListener): () => void {
  let isOver = false
  let subscription: { unsubscribe(): void } | undefined
  const end = (): void => {
    isOver = true
    subscription?.unsubscribe()
  }
  const lost = (): void => {
    if (isOver) return
    end()
    listener.lost()
  }
  const begin = async (): Promise<void> => {
    const afterSeq = lastSeq ?? (await readNewestSeq(api))
    if (isOver) return
    listener.begins(afterSeq)
    subscription = api.client.events.stream.subscribe(
      { lastEventId: String(afterSeq) },
      {
        onConnectionStateChange({ state, error }) {
          if (state === 'connecting' && error !== null) lost()
          if (state === 'pending' && !isOver) listener.opened()
        },
        onData: ({ data }) => (isOver ? undefined : listener.event(data)),
        onError: lost,
        onComplete: lost,
      },
    )
  }
  begin().catch(lost)
  return end
}

/** Where the first stream begins: one that is lost before its first event has to go on there too. */
async function readNewestSeq(api: HubApi): Promise<number> {
  const { items } = await api.call(async ({ events }) => events.list.query({ order: 'newest', limit: 1 }))
  return items[0]?.seq ?? 0
}
