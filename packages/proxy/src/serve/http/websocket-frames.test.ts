import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closeFrame, FrameCursor } from './websocket-frames.ts'

interface Frame {
  readonly opcode: number
  readonly length: number
  readonly isMasked: boolean
}

const frame = fc.record<Frame>({
  opcode: fc.constantFrom(0, 1, 2, 9, 10),
  length: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constantFrom(125, 126, 127, 65_535, 65_536)),
  isMasked: fc.boolean(),
})

function bytesOf({ opcode, length, isMasked }: Frame): Buffer {
  const mask = isMasked ? 0x80 : 0
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const head = Buffer.alloc(2 + extended + (isMasked ? 4 : 0))
  head[0] = 0x80 | opcode
  head[1] = mask | (extended === 0 ? length : extended === 2 ? 126 : 127)
  if (extended === 2) head.writeUInt16BE(length, 2)
  if (extended === 8) head.writeBigUInt64BE(BigInt(length), 2)
  // A payload that looks like frames of its own.
  return Buffer.concat([head, Buffer.alloc(length, 0x88)])
}

describe('a cursor over frames', () => {
  it('stands between two exactly where one ends, however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 5 }),
        (frames, sizes) => {
          const all = frames.map(bytesOf)
          const bytes = Buffer.concat(all)
          const ends = new Set([0])
          let end = 0
          for (const each of all) ends.add((end += each.length))
          const cursor = new FrameCursor()
          let at = 0
          for (let turn = 0; at < bytes.length; turn += 1) {
            const piece = bytes.subarray(at, at + (sizes[turn % sizes.length] ?? 1))
            cursor.take(piece)
            at += piece.length
            expect(cursor.isBetweenFrames).toBe(ends.has(at))
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('takes bytes one by one as well', () => {
    const cursor = new FrameCursor()
    const bytes = bytesOf({ opcode: 2, length: 300, isMasked: true })
    for (let at = 0; at < bytes.length; at += 1) {
      cursor.take(bytes.subarray(at, at + 1))
      expect(cursor.isBetweenFrames).toBe(at === bytes.length - 1)
    }
  })

  it('finds no place behind a close', () => {
    const cursor = new FrameCursor()
    cursor.take(closeFrame(1000, ''))
    expect(cursor.isBetweenFrames).toBe(false)
  })
})

describe('a close frame', () => {
  it('has a code and a reason', () => {
    expect(closeFrame(1008, 'share_inactive')).toEqual(
      Buffer.from('\x88\x10\x03\xf0share_inactive', 'latin1'),
    )
  })
})
