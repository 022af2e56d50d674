import type { EventRow } from '@private-connect/db'
import type { LivePorts } from '../../src/index.ts'

type Subscriber = Parameters<LivePorts['admit']>[0]
type Following = Parameters<LivePorts['follow']>[0]

/** The hub's side of subscriptions, told by a test what happens. */
export interface FakeLive {
  readonly port: LivePorts
  readonly admitted: Subscriber[]
  readonly followed: Following[]
  readonly releasedCount: number
  /** One batch, as the hub's reader hands it out. */
  push(rows: readonly EventRow[]): FakeLive
  /** What is open ends, and what comes ends after what was pushed; for a reason where one is given. */
  end(reason?: Error): FakeLive
  /** Admits nobody from now on. */
  refuse(reason: Error): FakeLive
}

export function createFakeLive(): FakeLive {
  const admitted: Subscriber[] = []
  const followed: Following[] = []
  const batches: Array<readonly EventRow[]> = []
  const over = new AbortController()
  let [refusal, ending, releasedCount]: [Error | null, Error | null, number] = [null, null, 0]
  async function* read(): AsyncGenerator<readonly EventRow[]> {
    yield* batches
    if (over.signal.aborted) return
    await new Promise((resolve) => {
      over.signal.addEventListener('abort', resolve, { once: true })
    })
  }
  const fake: FakeLive = {
    admitted,
    followed,
    get releasedCount() {
      return releasedCount
    },
    port: {
      admit(subscriber) {
        if (refusal !== null) throw refusal
        admitted.push(subscriber)
        return {
          // Without a reason the stream just runs out, as in a test that reads all of it.
          get signal() {
            return ending === null ? subscriber.signal : over.signal
          },
          get ending() {
            return ending as never
          },
          release: () => void (releasedCount += 1),
        }
      },
      async follow(following) {
        followed.push(following)
        return read()
      },
    },
    push: (rows) => {
      batches.push(rows)
      return fake
    },
    end: (reason) => {
      ending = reason ?? null
      over.abort()
      return fake
    },
    refuse: (reason) => {
      refusal = reason
      return fake
    },
  }
  return fake
}
