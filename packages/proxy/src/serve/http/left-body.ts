import type { Visit } from '../visit.ts'

/** The hub has answered ahead of the request's end: a visitor that drips its body holds the connection no longer. */
export function limitLeftBody({ request, settings }: Visit): void {
  if (request.complete) return
  const timer = setTimeout(() => {
    if (!request.complete) request.socket.destroy()
  }, settings.leftBodyTimeoutMs)
  timer.unref()
  request.once('close', () => clearTimeout(timer))
}
