import type { Logger } from './logging.ts'
import type { Hub } from './start-hub.ts'

/** SIGTERM and Ctrl-C end the hub in order; a second one ends it at once. */
export function stopOnSignals(hub: Hub, log: Logger): void {
  let isStopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (isStopping) {
      log.warn({ signal }, 'stopped at once')
      log.flush(() => process.exit(1))
      return
    }
    isStopping = true
    log.info({ signal }, 'stopping')
    // Who presses Ctrl-C is watching; an orchestrator that sends SIGTERM has time.
    hub.stop(signal === 'SIGINT' ? { drainTimeoutMs: 2000 } : {}).then(
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
  process.on('unhandledRejection', (err) => log.error({ err }, 'unhandled rejection'))
  process.on('uncaughtException', (err) => log.error({ err }, 'uncaught exception'))
}
