import { setTimeout as delay } from 'node:timers/promises'
import { event as knownEvent, type Event } from '@private-connect/api/contracts'
import { createBackOff } from '@private-connect/proxy/tunnel'
import type { HubClient } from '../hub/hub-client.ts'

/** A stream that held so long is none of several attempts. */
const settledMs = 10_000

/** A visitor who came, or came back. */
export type Arrival = Extract<Event, { type: 'share.accessed' }>['data']

export interface VisitorFeedOptions {
  readonly hub: Pick<HubClient, 'streamEvents'>
  readonly shareId: string
  readonly signal: AbortSignal
  readonly onArrival: (visitor: Arrival) => void
  /** Elapsed time. */
  readonly monotonicMs?: () => number
  /** Waits, no longer than until the signal. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>
  /** Uniform in [0, 1). */
  readonly random?: () => number
}

/**
 * Shows each visitor once, as soon as the shared app begins to answer: a visit is in the log when it has ended, which may be hours
 * later. A stream that was lost goes on where it was.
 */
export async function watchVisitors(options: VisitorFeedOptions): Promise<void> {
  const { hub, shareId, signal, onArrival, random = Math.random } = options
  const { monotonicMs = () => performance.now(), wait = waitFor } = options
  const backOff = createBackOff({ baseMs: 1000, maxMs: 30_000, random, floor: 0.5 })
  let afterSeq = 0
  const tellUntilLost = async (): Promise<void> => {
    for await (const { seq, data } of hub.streamEvents({ shareId, afterSeq, signal })) {
      if (!(seq > afterSeq)) continue
      afterSeq = seq
      const happened = knownEvent.safeParse(readJson(data)).data
      if (happened?.type === 'share.accessed') onArrival(happened.data)
    }
  }
  while (!signal.aborted) {
    const openedMs = monotonicMs()
    // A failure here is a hub that restarts, which the tunnel's status tells already.
    await tellUntilLost().catch(() => undefined)
    if (monotonicMs() - openedMs >= settledMs) backOff.reset()
    await wait(backOff.next(), signal)
  }
}

async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined)
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
