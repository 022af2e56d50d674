import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { request } from 'undici'
import { credentialHeaders, type HubConnection } from './hub-request.ts'

export interface StreamedEvent {
  readonly seq: number
  /** JSON, of whatever events the hub knows. */
  readonly data: string
}

export interface StreamRequest {
  readonly shareId: string
  /** What was seen last; 0: all that is kept. */
  readonly afterSeq: number
  readonly signal: AbortSignal
}

/** Far more than the longest event has. */
const eventCharsMax = 1024 * 1024
/** The hub is heard of every 15 seconds. */
const silenceMs = 45_000

/** What happens to a share, as it happens, until the hub ends it or is silent. Rejects for whatever reason it ended. */
export async function* streamEvents(
  { hubUrl, credential, dispatcher }: HubConnection,
  { shareId, afterSeq, signal }: StreamRequest,
): AsyncGenerator<StreamedEvent, void, void> {
  const query = new URLSearchParams({ shareId, lastEventId: String(afterSeq) })
  const { statusCode, headers, body } = await request(`${hubUrl}/v1/events/stream?${query.toString()}`, {
    dispatcher,
    headers: {
      ...credentialHeaders(credential),
      accept: 'text/event-stream',
      'accept-encoding': 'identity',
    },
    signal,
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
  })
  if (statusCode !== 200 || !String(headers['content-type']).startsWith('text/event-stream')) {
    // It would say as an error of its own that it was left.
    body.on('error', () => undefined).destroy()
    throw new Error(`The hub answered with ${statusCode}`)
  }
  const complete: EventSourceMessage[] = []
  const parser = createParser({
    maxBufferSize: eventCharsMax,
    onEvent: (message) => void complete.push(message),
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') throw error
    },
  })
  const decoder = new TextDecoder()
  for await (const piece of body as AsyncIterable<Buffer>) {
    parser.feed(decoder.decode(piece, { stream: true }))
    for (const { id, data } of complete.splice(0)) if (id !== undefined) yield { seq: Number(id), data }
  }
}
