import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameDecoder } from './frame-decoder.ts'
import { frameType, headerBytes, payloadBytesMax, writeFrameHeader } from './frame.ts'

interface Seen {
  type: number
  streamId: number
  payload: string
}

function encodeFrame(type: number, streamId: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(headerBytes)
  writeFrameHeader(header, 0, { type, streamId, length: payload.length })
  return Buffer.concat([header, payload])
}

function collect() {
  const seen: Seen[] = []
  const decoder = new FrameDecoder({
    onData(streamId, piece) {
      const last = seen.at(-1)
      // Pieces of one data frame are joined; which frame they came from does not matter to a stream.
      if (last?.type === frameType.data && last.streamId === streamId)
        last.payload += piece.toString('latin1')
      else seen.push({ type: frameType.data, streamId, payload: piece.toString('latin1') })
    },
    onFrame: (type, streamId, payload) => seen.push({ type, streamId, payload: payload.toString('latin1') }),
  })
  return { decoder, seen }
}

const streamId = fc.integer({ min: 1, max: 0xffffffff })
const bytes = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array))
const frame = fc.oneof(
  fc.tuple(fc.constant<number>(frameType.data), streamId, bytes(1, 3000)),
  fc.tuple(fc.constant<number>(frameType.open), streamId, bytes(7, 400)),
  fc.tuple(fc.constantFrom<number>(frameType.opened, frameType.window), streamId, bytes(4, 4)),
  fc.tuple(fc.constantFrom<number>(frameType.refused, frameType.reset), streamId, bytes(1, 64)),
  fc.tuple(fc.constant<number>(frameType.fin), streamId, bytes(0, 0)),
  fc.tuple(fc.constantFrom<number>(frameType.ping, frameType.pong), fc.constant(0), bytes(8, 8)),
  fc.tuple(fc.constant<number>(frameType.hello), fc.constant(0), bytes(2, 2000)),
)
const unknownFrame = fc.tuple(fc.integer({ min: 12, max: 255 }), fc.nat(), bytes(0, 500))

function split(whole: Buffer, cuts: readonly number[]): Buffer[] {
  const offsets = [0, ...cuts.map((cut) => cut % (whole.length + 1)), whole.length].sort((a, b) => a - b)
  return offsets.slice(1).map((end, index) => whole.subarray(offsets[index], end))
}

describe('the frame decoder', () => {
  it('sees the same frames however the bytes were chunked, and skips unknown types', () => {
    const mixed = fc.array(fc.oneof({ weight: 4, arbitrary: frame }, unknownFrame), { maxLength: 20 })
    fc.assert(
      fc.property(mixed, fc.array(fc.nat(), { maxLength: 60 }), (frames, cuts) => {
        const whole = Buffer.concat(frames.map(([type, id, payload]) => encodeFrame(type, id, payload)))
        const inOne = collect()
        expect(inOne.decoder.push(whole)).toBeNull()
        const inPieces = collect()
        for (const piece of split(whole, cuts)) expect(inPieces.decoder.push(piece)).toBeNull()
        expect(inPieces.seen).toEqual(inOne.seen)
        const others = frames.filter(([type]) => type <= frameType.goaway && type !== frameType.data)
        expect(inOne.seen.filter(({ type }) => type !== frameType.data)).toEqual(
          others.map(([type, id, payload]) => ({ type, streamId: id, payload: payload.toString('latin1') })),
        )
      }),
    )
  })

  it('answers garbage with a violation or waits, and never throws', () => {
    fc.assert(
      fc.property(fc.array(bytes(0, 300), { maxLength: 20 }), (chunks) => {
        const { decoder } = collect()
        const answers = chunks.map((chunk) => decoder.push(chunk))
        const first = answers.findIndex((answer) => answer !== null)
        // Once it has given up it stays with that.
        expect(new Set(first === -1 ? [null] : answers.slice(first)).size).toBe(1)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    {
      name: 'a length beyond the largest frame',
      type: frameType.data,
      streamId: 1,
      length: payloadBytesMax + 1,
    },
    { name: 'an unknown type beyond the largest frame', type: 200, streamId: 1, length: payloadBytesMax + 1 },
    { name: 'a window of the wrong size', type: frameType.window, streamId: 1, length: 5 },
    { name: 'a fin with bytes', type: frameType.fin, streamId: 1, length: 1 },
    { name: 'data without a stream', type: frameType.data, streamId: 0, length: 10 },
    { name: 'a ping on a stream', type: frameType.ping, streamId: 7, length: 8 },
    { name: 'an open without ids', type: frameType.open, streamId: 1, length: 6 },
    { name: 'an open beyond its bound', type: frameType.open, streamId: 1, length: 1025 },
  ])('refuses $name from the header alone', ({ type, streamId: id, length }) => {
    const header = Buffer.alloc(headerBytes)
    writeFrameHeader(header, 0, { type, streamId: id, length })
    const { decoder, seen } = collect()
    expect(decoder.push(header)).toMatch(/^a frame of/)
    expect(decoder.push(Buffer.from('more'))).toMatch(/^a frame of/)
    expect(seen).toEqual([])
  })

  it('passes data by reference', () => {
    const pieces: Buffer[] = []
    const decoder = new FrameDecoder({ onData: (_id, piece) => pieces.push(piece), onFrame() {} })
    const whole = encodeFrame(frameType.data, 3, Buffer.alloc(20_000, 'x'))
    decoder.push(whole)
    expect(pieces.map((piece) => piece.buffer)).toEqual([whole.buffer])
  })

  it('reads nothing more once stopped, even of the chunk that it is in', () => {
    const { decoder, seen } = collect()
    const stopping = new FrameDecoder({
      onData() {},
      onFrame(type, id, payload) {
        stopping.stop()
        seen.push({ type, streamId: id, payload: payload.toString('latin1') })
      },
    })
    const fin = encodeFrame(frameType.fin, 1, Buffer.alloc(0))
    expect(stopping.push(Buffer.concat([fin, fin, fin]))).toBeNull()
    expect(seen).toHaveLength(1)
    expect(decoder.push(fin)).toBeNull()
  })
})
