import { AppError } from '@private-connect/errors'

export interface QueryDeadline {
  /** Aborted by the time or by the asker, whatever comes first; the reason tells which. */
  readonly signal: AbortSignal
  /** Waits for what runs until it is done, or did not end in time after an abort. */
  settle<T>(running: Promise<T>): Promise<T>
  stop(): void
}

/** How long an engine may take to cancel on the server; afterwards nobody waits for it. */
const cancelTimeoutMs = 3_000

export function startDeadline(asker: AbortSignal, timeoutMs: number): QueryDeadline {
  const controller = new AbortController()
  const { signal } = controller
  const abort = (): void => controller.abort(asker.reason)
  const timer = setTimeout(() => controller.abort(new AppError('query.timeout')), timeoutMs)
  asker.addEventListener('abort', abort, { once: true })
  if (asker.aborted) abort()
  return {
    signal,
    async settle(running) {
      const left = Promise.withResolvers<never>()
      const onAbort = (): void => {
        setTimeout(() => left.reject(signal.reason), cancelTimeoutMs).unref()
      }
      signal.addEventListener('abort', onAbort, { once: true })
      try {
        return await Promise.race([running, left.promise])
      } finally {
        signal.removeEventListener('abort', onAbort)
      }
    },
    stop() {
      clearTimeout(timer)
      asker.removeEventListener('abort', abort)
    },
  }
}
