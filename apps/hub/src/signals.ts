import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from './logging.ts'
import type { Hub } from './start-hub.ts'

const lastWritesMs = 1000

/** SIGTERM and Ctrl-C end the hub in order; a second one ends it at once, with what was recorded written if it can be. */
export function stopOnSignals(hub: Hub, log: Logger): void {
  let isStopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (isStopping) {
      log.warn({ signal }, 'stopped at once')
      const written = hub.deps.accessLog.flush().catch(() => {})
      void Promise.race([written, wait(lastWritesMs)]).then(() => log.flush(() => process.exit(1)))
      return
    }
    isStopping = true
    log.info({ signal }, 'stopping')
    // Who presses Ctrl-C is watching; an orchestrator that sends SIGTERM has time.
    hub.stop(signal === 'SIGINT' ? { readyDelayMs: 0, drainTimeoutMs: 2000 } : {}).then(
      () => log.flush(() => process.exit(0)),
      (err: unknown) => {
        log.error({ err }, 'did not stop cleanly')
        log.flush(() => process.exit(1))
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  // A mistake in one request must not end everybody else's (DOS-17): it is logged loudly and counted as a bug.
  const note = (message: string) => (err: unknown) => {
    hub.deps.metrics.countBug()
    log.error({ err }, message)
  }
  process.on('unhandledRejection', note('unhandled rejection'))
  process.on('uncaughtException', note('uncaught exception'))
}
