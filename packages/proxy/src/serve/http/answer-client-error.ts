import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { AppError, toErrorResponse, type ErrorCode } from '@private-connect/errors'
import { newRequestId } from '../request-id.ts'

/**
 * node:http's `clientError` handler: what its parser refused gets an answer and the connection ends, always, because
 * nobody knows where the next request would begin. Never repeats what was sent.
 */
export function answerClientError(error: Error, socket: Duplex): void {
  const code = 'code' in error ? String(error.code) : ''
  const running = (socket as { _httpMessage?: ServerResponse })._httpMessage
  if (!socket.writable || code === 'ECONNRESET' || running?.headersSent === true) {
    socket.destroy(error)
    return
  }
  socket.end(rawAnswer(errorCodeOf(code, error)), () => socket.destroy())
}

function errorCodeOf(code: string, error: Error): ErrorCode {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request.timeout'
  if (code !== 'HPE_HEADER_OVERFLOW') return 'request.malformed'
  // A head that overflows within its first line is a request target that is too long.
  const packet = 'rawPacket' in error ? error.rawPacket : undefined
  const lineLength = Buffer.isBuffer(packet) ? packet.indexOf('\r\n') : 0
  return lineLength === -1 || lineLength > targetLengthMax
    ? 'request.target_too_long'
    : 'request.headers_too_large'
}

const targetLengthMax = 8_192

/** An answer where no ServerResponse exists (yet), in the shape of all refusals. */
export function rawAnswer(code: ErrorCode): string {
  const { status, body } = toErrorResponse(new AppError(code), newRequestId())
  const text = JSON.stringify(body)
  return (
    `HTTP/1.1 ${status} ${body.error}\r\n` +
    'Content-Type: application/json; charset=utf-8\r\n' +
    `Content-Length: ${Buffer.byteLength(text)}\r\n` +
    `X-Request-Id: ${body.requestId}\r\n` +
    'X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n' +
    text
  )
}

/** What node:http lets pass though one message must not have it. */
export function findHeadFault(request: IncomingMessage): ErrorCode | null {
  const raw = request.rawHeaders
  if (raw.length > 2 * headersMax) return 'request.headers_too_large'
  if (request.httpVersionMajor < 1) return 'request.malformed'
  let hosts = 0
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? ''
    if (name.length !== 4 || name.toLowerCase() !== 'host') continue
    hosts += 1
    if (hosts > 1 || !legalHost.test(raw[at + 1] ?? '')) return 'request.malformed'
  }
  return null
}

/** Letters that only look like those of another host come as bytes above ASCII. */
const legalHost = /^[\w.:[\]-]*$/

/** More headers than this in one request are refused; node:http itself would silently drop some. */
export const headersMax = 100
