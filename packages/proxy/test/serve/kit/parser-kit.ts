import type { ResponseFraming } from '../../../src/serve/upstream/response-framing.ts'
import type { ResponseHead } from '../../../src/serve/upstream/response-head.ts'
import { ResponseParser } from '../../../src/serve/upstream/response-parser.ts'

export interface Reading {
  readonly isComplete: boolean
  readonly isRefused: boolean
  readonly hasExtra: boolean
  readonly status: number
  readonly reason: string
  readonly rawHeaders: readonly string[]
  readonly body: string
  readonly framing: ResponseFraming | null
}

export interface ReadOptions {
  readonly method?: string
  /** Whether the connection ends, in order, behind the bytes. Default: it does. */
  readonly isEnded?: boolean
}

/** What our parser makes of the bytes (latin1), piece by piece. */
export function readWith(pieces: string | readonly string[], options: ReadOptions = {}): Reading {
  let head: ResponseHead = { minorVersion: 1, statusCode: 0, reason: '', rawHeaders: [] }
  let framing: ResponseFraming | null = null
  let body = ''
  const parser = new ResponseParser({
    onInformational: () => undefined,
    onHead: (...got) => ([head, framing] = got),
    onTrailers: () => undefined,
    onBody: (piece, from, to) => (body += piece.toString('latin1', from, to)),
  })
  parser.begin(options.method ?? 'GET')
  for (const piece of typeof pieces === 'string' ? [pieces] : pieces) {
    if (!parser.execute(Buffer.from(piece, 'latin1'))) break
  }
  if (options.isEnded !== false) parser.finish()
  const { isComplete, hasExtra, fault } = parser
  const { statusCode: status, reason, rawHeaders } = head
  return { isComplete, isRefused: fault !== null, hasExtra, status, reason, rawHeaders, body, framing }
}

export function cutAt(text: string, size: number): string[] {
  const pieces: string[] = []
  for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size))
  return pieces
}
