// Guarantee (docs/protocol.md): a frame's header is eight bytes that say what they are; one that breaks the protocol is known
// before a byte of its payload is held; what a later version may add is let through.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  findHeaderViolation,
  frameType,
  headerBytes,
  isKnownFrameType,
  payloadBytesMax,
  writeFrameHeader,
} from './frame.ts'

const types = Object.values(frameType)
const ofStreams = new Set<number>([
  frameType.open,
  frameType.opened,
  frameType.refused,
  frameType.data,
  frameType.window,
  frameType.fin,
  frameType.reset,
])
/** A length that each type may have. */
const fitting = { 1: 2, 2: 7, 3: 4, 4: 1, 5: 0, 6: 4, 7: 0, 8: 1, 9: 8, 10: 8, 11: 2 } as const
const streamOf = (type: number) => (ofStreams.has(type) ? 1 : 0)

it('a header is written as the protocol says, wherever it stands, and touches nothing else', () => {
  const byte = fc.integer({ min: 0, max: 255 })
  const streamId = fc.integer({ min: 0, max: 0xffffffff })
  const frame = fc.record({ type: byte, streamId, length: fc.integer({ min: 0, max: 0xffffff }) })
  fc.assert(
    fc.property(frame, fc.integer({ min: 0, max: 9 }), (written, offset) => {
      const target = Buffer.alloc(offset + headerBytes + 3, 0xaa)
      writeFrameHeader(target, offset, written)
      const header = target.subarray(offset, offset + headerBytes)
      expect([header.readUInt8(0), header.readUIntBE(1, 3), header.readUInt32BE(4)]).toEqual([
        written.type,
        written.length,
        written.streamId,
      ])
      const around = Buffer.concat([target.subarray(0, offset), target.subarray(offset + headerBytes)])
      expect(around.every((one) => one === 0xaa)).toBe(true)
    }),
  )
})

describe('a header', () => {
  it.each(types)('of type %i may be, on the stream or the tunnel that it is for and nowhere else', (type) => {
    const length = fitting[type]
    expect(isKnownFrameType(type)).toBe(true)
    expect(findHeaderViolation(type, length, streamOf(type))).toBeNull()
    expect(findHeaderViolation(type, length, 1 - streamOf(type))).toMatch(/cannot be on stream/)
  })

  it.each([
    ['hello', [2, payloadBytesMax]],
    ['open', [7, 1024]],
    ['opened', [4, 4]],
    ['refused', [1, 64]],
    ['data', [0, payloadBytesMax]],
    ['window', [4, 4]],
    ['fin', [0, 0]],
    ['reset', [1, 64]],
    ['ping', [8, 8]],
    ['pong', [8, 8]],
    ['goaway', [2, 1024]],
  ] as const)('of %s has a payload of so many bytes', (name, [min, max]) => {
    const type = frameType[name]
    const violationOf = (length: number) => findHeaderViolation(type, length, streamOf(type))
    expect([violationOf(min), violationOf(max)]).toEqual([null, null])
    expect(violationOf(max + 1)).toMatch(/cannot have|longer than/)
    expect(min === 0 ? 'none' : violationOf(min - 1)).toMatch(/cannot have|none/)
  })

  it('of a type that is not known may be anything that is not too long', () => {
    const unknown = fc.integer({ min: 0, max: 255 }).filter((type) => !types.includes(type as 1))
    const streamId = fc.integer({ min: 0, max: 0xffffffff })
    fc.assert(
      fc.property(
        unknown,
        fc.integer({ min: 0, max: payloadBytesMax }),
        streamId,
        (...[type, length, stream]) => {
          expect(isKnownFrameType(type)).toBe(false)
          expect(findHeaderViolation(type, length, stream)).toBeNull()
          expect(findHeaderViolation(type, payloadBytesMax + 1 + length, stream)).toMatch(/longer than/)
        },
      ),
    )
  })
})
