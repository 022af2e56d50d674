import { AppError } from '@private-connect/errors'
import type { UpstreamRequest } from './upstream-exchange.ts'

/** Methods whose missing body servers want to be told of (RFC 9110 §8.6). */
const bodyMethods: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

/**
 * The head of a request as latin1 text. Throws `request.invalid` when any part of it holds a control character or one
 * above latin1, which would be sent as another byte: the head must be exactly the lines that it was made of.
 */
export function writeRequestHead({
  method,
  target,
  headers,
  body,
}: Omit<UpstreamRequest, 'visitor' | 'trailersOf'>): string {
  let text = `${method} ${target} HTTP/1.1\r\n`
  for (let at = 0; at < headers.length; at += 2) text += `${headers[at] ?? ''}: ${headers[at + 1] ?? ''}\r\n`
  let lines = headers.length / 2 + 2
  if ((body !== null || bodyMethods.has(method)) && readBodyLength(headers) === undefined) {
    text += body === null ? 'content-length: 0\r\n' : 'transfer-encoding: chunked\r\n'
    lines += 1
  }
  text += '\r\n'
  if (countControls(text) !== 2 * lines) {
    const message = 'A head for the upstream would not be one well-formed request'
    throw new AppError('request.invalid', 'The request cannot be forwarded as it is.', { message })
  }
  return text
}

/** The declared length of a request's body; undefined where its end is told by chunks. */
export function readBodyLength(headers: readonly string[]): number | undefined {
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? ''
    if (name.length === 14 && name.toLowerCase() === 'content-length') return Number(headers[at + 1])
  }
  return undefined
}

function countControls(text: string): number {
  let count = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if ((code < 0x20 && code !== 0x09) || code === 0x7f || code > 0xff) count += 1
  }
  return count
}
