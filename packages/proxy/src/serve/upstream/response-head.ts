import { isFieldName, isFieldValue } from './field-text.ts'

export interface ResponseHead {
  readonly minorVersion: 0 | 1
  readonly statusCode: number
  readonly reason: string
  /** Name, value, name, value …: order, duplicates and spelling as they came, latin1. */
  readonly rawHeaders: string[]
}

/** Why an answer is refused, in words for the log. */
export type Fault = string

const headersMax = 200
const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?\r\n/

/**
 * Reads a head: everything before its empty line, as latin1 text. Strict (RFC 9112): no folded lines, no bare CR or LF,
 * no control bytes, no space before a colon, versions 1.0 and 1.1 only.
 */
export function parseResponseHead(text: string): ResponseHead | Fault {
  const start = statusLine.exec(text)
  if (start === null) return 'malformed status line'
  const rawHeaders: string[] = []
  const fault = readFields(text, start[0].length, rawHeaders)
  if (fault !== null) return fault
  return {
    minorVersion: start[1] === '1' ? 1 : 0,
    statusCode: Number(start[2]),
    reason: start[3] ?? '',
    rawHeaders,
  }
}

/** Appends the fields of text[from, …), each ended by CRLF, to `raw`. Also reads trailers. */
export function readFields(text: string, from: number, raw: string[]): Fault | null {
  let at = from
  while (at < text.length) {
    const end = text.indexOf('\r\n', at)
    const colon = text.indexOf(':', at)
    if (colon < 0 || colon > end || !isFieldName(text, at, colon)) return 'malformed header name'
    const [start, stop] = trim(text, colon + 1, end)
    if (!isFieldValue(text, start, stop)) return 'malformed header value'
    if (raw.length >= 2 * headersMax) return 'too many headers'
    raw.push(text.slice(at, colon), text.slice(start, stop))
    at = end + 2
  }
  return null
}

/** Optional white space around a value is no part of it. */
function trim(text: string, from: number, to: number): [number, number] {
  let start = from
  let stop = to
  while (start < stop && isSpace(text.charCodeAt(start))) start += 1
  while (stop > start && isSpace(text.charCodeAt(stop - 1))) stop -= 1
  return [start, stop]
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09
}
