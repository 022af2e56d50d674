import type { Duplex } from 'node:stream'
import { STATUS_CODES } from 'node:http'
import { toErrorResponse, type AppError } from '@private-connect/errors'

/** Answers an upgrade that is not granted, on the bare socket, and closes it. */
export function refuseUpgrade(socket: Duplex, error: AppError, requestId: string): void {
  const answer = toErrorResponse(error, requestId)
  const body = JSON.stringify(answer.body)
  const lines = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'Error'}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'Connection: close',
    ...Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`),
  ]
  socket.on('error', () => socket.destroy())
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
