/** What a stream will carry; decides idle times and half-open behaviour, never where it goes. */
export type StreamKind = 'http' | 'upgrade' | 'query'

export interface StreamRequest {
  readonly serviceId: string
  readonly shareId: string
  readonly kind: StreamKind
}

export interface DecodedOpen extends StreamRequest {
  /** Bytes that the opener will take before it gives more credit. */
  readonly windowBytes: number
}

const kinds: readonly StreamKind[] = ['http', 'upgrade', 'query']
const idBytesMax = 200

/** The payload of an open frame: window u32, kind u8, then service and share id, each with a length byte before it. */
export function encodeOpen(request: StreamRequest, windowBytes: number): Buffer {
  const serviceBytes = Buffer.byteLength(request.serviceId)
  const shareBytes = Buffer.byteLength(request.shareId)
  if (serviceBytes > idBytesMax || shareBytes > idBytesMax) throw new RangeError('an id is too long to send')
  const payload = Buffer.allocUnsafe(7 + serviceBytes + shareBytes)
  payload.writeUInt32BE(windowBytes, 0)
  payload[4] = kinds.indexOf(request.kind)
  payload[5] = serviceBytes
  payload.write(request.serviceId, 6)
  payload[6 + serviceBytes] = shareBytes
  payload.write(request.shareId, 7 + serviceBytes)
  return payload
}

/** Null when malformed; a kind that this version does not know counts as `upgrade`, which promises least. */
export function decodeOpen(payload: Buffer): DecodedOpen | null {
  if (payload.length < 7) return null
  const serviceBytes = payload[5]
  if (serviceBytes === undefined || serviceBytes === 0 || serviceBytes > idBytesMax) return null
  const shareBytes = payload[6 + serviceBytes]
  if (shareBytes === undefined || shareBytes > idBytesMax) return null
  if (payload.length !== 7 + serviceBytes + shareBytes) return null
  return {
    windowBytes: payload.readUInt32BE(0),
    kind: kinds[payload[4] ?? 0] ?? 'upgrade',
    serviceId: payload.toString('utf8', 6, 6 + serviceBytes),
    shareId: payload.toString('utf8', 7 + serviceBytes),
  }
}
