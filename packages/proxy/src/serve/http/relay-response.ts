import type { IncomingMessage } from 'node:http'
import { tellAnswered } from '../record/tell-answered.ts'
import type { Visit } from '../visit.ts'
import { buildResponseHeaders } from './response-headers.ts'

/** Streams an ordinary answer to an upgrade request; calls `onCutShort` when the upstream ended it too early. */
export function relayResponse(
  visit: Visit,
  answer: IncomingMessage,
  onCutShort: (error: Error) => void,
): void {
  const { response } = visit
  visit.statusCode = answer.statusCode ?? 0
  response.writeHead(visit.statusCode, buildResponseHeaders(answer.rawHeaders, visit))
  tellAnswered(visit)
  answer.on('data', (chunk: Buffer) => {
    visit.bytesOut += chunk.length
  })
  answer.on('error', onCutShort)
  answer.pipe(response)
}
