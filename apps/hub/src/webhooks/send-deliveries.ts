import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from '../logging.ts'
import type { DeliverySender } from './delivery-sender.ts'

export interface SendLoopOptions {
  readonly sender: DeliverySender
  readonly log: Pick<Logger, 'warn'>
  readonly nowMs: () => number
  /** The longest time between two looks: what nobody told of is found by then. */
  readonly pollMs?: number
  readonly cleanUpEveryMs?: number
  /** What is being sent may end within this time of a stop. */
  readonly graceMs?: number
}

export interface SendLoop {
  /** There is something to send. */
  wake(): void
  stop(): Promise<void>
}

/** Between two looks, whatever is due: of what is due and cannot be had, another node or a slow endpoint has hold. */
const busyMs = 1000

/** Takes turns until it is stopped: at once when it is woken, and when something is due. */
export function sendDeliveries(options: SendLoopOptions): SendLoop {
  const { sender, log, nowMs, pollMs = 5000, cleanUpEveryMs = 3_600_000, graceMs = 5000 } = options
  const stopped = new AbortController()
  let woken = Promise.withResolvers<void>()
  let cleanedMs = performance.now()

  async function turn(): Promise<number> {
    const count = await sender.turn()
    if (performance.now() - cleanedMs > cleanUpEveryMs) {
      cleanedMs = performance.now()
      await sender.cleanUp()
    }
    if (count > 0) return 0
    const dueMs = await sender.nextDueMs()
    const waitMs = dueMs === null ? pollMs : dueMs - nowMs()
    return waitMs <= 0 ? busyMs : Math.min(waitMs, pollMs)
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      woken = Promise.withResolvers()
      const waitMs = await turn().catch((err: unknown) => {
        log.warn({ err }, 'webhooks could not be looked at, will retry')
        return busyMs
      })
      const pause = new AbortController()
      const timer = wait(waitMs, undefined, { signal: pause.signal, ref: false }).catch(() => undefined)
      await Promise.race([woken.promise, timer])
      pause.abort()
    }
  }

  const running = run()
  return {
    wake: () => woken.resolve(),
    async stop() {
      stopped.abort()
      woken.resolve()
      await running
      await Promise.race([sender.settle(), wait(graceMs, undefined, { ref: false })])
      sender.abort()
      await sender.settle()
    },
  }
}
