/**
 * The wire form that both ends share; docs/protocol.md describes it in words.
 * A frame is an 8-byte header (type u8, payload length u24, stream id u32, big-endian) and its payload.
 */
export const frameType = {
  hello: 1,
  open: 2,
  opened: 3,
  refused: 4,
  data: 5,
  window: 6,
  fin: 7,
  reset: 8,
  ping: 9,
  pong: 10,
  goaway: 11,
} as const

export const headerBytes = 8
/** The largest payload of any frame; data frames may use all of it. */
export const payloadBytesMax = 64 * 1024
/** What an opener may send on a new stream before it has any credit from the other end. */
export const openCreditBytes = 8 * 1024
export const protocolVersion = 1

/** Smallest and largest payload by type; a type that is not listed is skipped, whatever it holds. */
const payloadLimits: readonly (readonly [min: number, max: number] | undefined)[] = [
  undefined,
  [2, payloadBytesMax],
  [7, 1024],
  [4, 4],
  [1, 64],
  [0, payloadBytesMax],
  [4, 4],
  [0, 0],
  [1, 64],
  [8, 8],
  [8, 8],
  [2, 1024],
]

/** Why a header breaks the protocol, or null. Bounded before a byte of the payload is held. */
export function findHeaderViolation(type: number, length: number, streamId: number): string | null {
  if (length > payloadBytesMax) return `a frame of ${length} bytes is longer than the protocol takes`
  const limits = payloadLimits[type]
  if (limits === undefined) return null
  if (length < limits[0] || length > limits[1]) return `a frame of type ${type} cannot have ${length} bytes`
  const isOfStream = type >= frameType.open && type <= frameType.reset
  if (isOfStream !== streamId > 0) return `a frame of type ${type} cannot be on stream ${streamId}`
  return null
}

export function isKnownFrameType(type: number): boolean {
  return payloadLimits[type] !== undefined
}

export function writeFrameHeader(
  target: Buffer,
  offset: number,
  frame: { type: number; streamId: number; length: number },
): void {
  target.writeUInt32BE(frame.type * 0x1000000 + frame.length, offset)
  target.writeUInt32BE(frame.streamId, offset + 4)
}
