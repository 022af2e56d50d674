import { abortableBody } from '../network/abortable-body.ts'
import { createEventMeter } from '../network/event-meter.ts'

type Send = (input: string | URL, init: RequestInit) => Promise<Response>

/**
 * Asks for an event stream. Of what is none, only the status and the headers are taken: `eventsource` would leave it open. An event
 * without an end fails the stream, which ends the request.
 */
export async function openEventStream(
  send: Send,
  input: string | URL,
  { signal, ...init }: RequestInit,
): Promise<Response> {
  const abort = new AbortController()
  const answer = await send(input, {
    ...init,
    signal: signal ? AbortSignal.any([signal, abort.signal]) : abort.signal,
  })
  const { status, headers, body } = answer
  const isStream = status === 200 && headers.get('content-type')?.startsWith('text/event-stream') === true
  if (isStream && body !== null) {
    return new Response(abortableBody(body, abort, createEventMeter()), { status, headers })
  }
  abort.abort()
  return answer
}
