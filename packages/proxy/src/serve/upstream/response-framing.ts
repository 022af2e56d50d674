import type { Fault, ResponseHead } from './response-head.ts'

/** Where an answer ends, and what becomes of its connection then. */
export interface ResponseFraming {
  readonly kind: 'none' | 'length' | 'chunked' | 'close'
  /** Bytes of the body; infinite where only its end will tell. */
  readonly bytes: number
  readonly isReusable: boolean
  /** How long the upstream keeps the connection, if it said so. */
  readonly keepAliveMs: number
}

/** The fields that decide, each as it came; undefined where absent. */
interface FramingFields {
  length: string | undefined
  encoding: string | undefined
  connection: string
  keepAlive: string
  fault: Fault | null
}

/**
 * RFC 9112 §6.3 for an answer, without its leniencies: two lengths (even equal ones), a length beside an encoding, and
 * any encoding but `chunked` are refused, because another reader might see another end.
 */
export function frameResponse(head: ResponseHead, isBodyless: boolean): ResponseFraming | Fault {
  const fields = readFramingFields(head.rawHeaders)
  if (fields.fault !== null) return fields.fault
  const { length, encoding } = fields
  if (length !== undefined && !/^\d{1,15}$/.test(length)) return 'malformed Content-Length'
  if (encoding !== undefined && encoding.toLowerCase() !== 'chunked') return 'unknown Transfer-Encoding'
  if (length !== undefined && encoding !== undefined) return 'Content-Length beside Transfer-Encoding'
  const body = frameBody(head, isBodyless, fields)
  return {
    ...body,
    isReusable: head.minorVersion === 1 && body.kind !== 'close' && !isClosing(fields.connection),
    keepAliveMs: keepAliveMsOf(fields.keepAlive),
  }
}

function frameBody(
  { statusCode }: ResponseHead,
  isBodyless: boolean,
  { length, encoding }: FramingFields,
): Pick<ResponseFraming, 'kind' | 'bytes'> {
  if (isBodyless || statusCode === 204 || statusCode === 304) return { kind: 'none', bytes: 0 }
  if (encoding !== undefined) return { kind: 'chunked', bytes: Number.POSITIVE_INFINITY }
  if (length === undefined) return { kind: 'close', bytes: Number.POSITIVE_INFINITY }
  const bytes = Number(length)
  return bytes === 0 ? { kind: 'none', bytes } : { kind: 'length', bytes }
}

function readFramingFields(raw: readonly string[]): FramingFields {
  const fields: FramingFields = {
    length: undefined,
    encoding: undefined,
    connection: '',
    keepAlive: '',
    fault: null,
  }
  for (let at = 0; at < raw.length; at += 2) {
    const length = (raw[at] ?? '').length
    // Names of any other length are none of these, which spares most headers the comparison.
    if (length === 10 || length === 14 || length === 17) readField(raw, at, fields)
  }
  return fields
}

function readField(raw: readonly string[], at: number, fields: FramingFields): void {
  const name = (raw[at] ?? '').toLowerCase()
  const value = raw[at + 1] ?? ''
  if (name === 'content-length') {
    if (fields.length !== undefined) fields.fault = 'two Content-Lengths'
    fields.length = value
  } else if (name === 'transfer-encoding') {
    if (fields.encoding !== undefined) fields.fault = 'two Transfer-Encodings'
    fields.encoding = value
  } else if (name === 'connection') fields.connection += `,${value}`
  else if (name === 'keep-alive') fields.keepAlive = value
}

function isClosing(connection: string): boolean {
  if (connection === '' || connection === ',keep-alive') return false
  return connection
    .toLowerCase()
    .split(',')
    .some((token) => token.trim() === 'close')
}

function keepAliveMsOf(keepAlive: string): number {
  if (keepAlive === '') return Number.POSITIVE_INFINITY
  const seconds = /(?:^|[,;\s])timeout\s*=\s*"?(\d{1,9})/i.exec(keepAlive)?.[1]
  return seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1_000
}
