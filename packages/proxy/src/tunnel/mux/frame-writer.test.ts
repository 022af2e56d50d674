import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { FrameDecoder } from './frame-decoder.ts'
import { frameType } from './frame.ts'
import { FrameWriter, type FrameSource } from './frame-writer.ts'
import type { TunnelTransport } from './tunnel-transport.ts'

interface Sent {
  readonly type: number
  readonly streamId: number
  readonly bytes: number
}

function createRig() {
  const sends: Buffer[][] = []
  const state = { isTaking: true, held: 0 }
  const transport: TunnelTransport = {
    kind: 'raw',
    start() {},
    end() {},
    destroy() {},
    send(parts) {
      sends.push([...parts])
      return state.isTaking
    },
  }
  const writer = new FrameWriter(transport, () => (state.held += 1))
  const frames = (): Sent[] => {
    const seen: Sent[] = []
    const decoder = new FrameDecoder({
      onData: (streamId, piece) => seen.push({ type: frameType.data, streamId, bytes: piece.length }),
      onFrame: (type, streamId, payload) => seen.push({ type, streamId, bytes: payload.length }),
    })
    expect(decoder.push(Buffer.concat(sends.flat()))).toBeNull()
    return seen
  }
  return { sends, state, writer, frames }
}

/** Sends so many frames of 60,000 bytes, one a turn. */
function createSource(writer: FrameWriter, streamId: number, count: number): FrameSource {
  let left = count
  return {
    isQueued: false,
    sendNext() {
      left -= 1
      writer.writeData(streamId, Buffer.alloc(60_000))
      return left > 0
    },
  }
}

describe('the frame writer', () => {
  it('sends the frames of one turn in one go, small ones in one buffer and large ones by reference', async () => {
    const { sends, writer, frames } = createRig()
    const large = Buffer.alloc(10_000, 'x')
    writer.writeControl(frameType.open, 1, Buffer.from('1234567'))
    writer.writeData(1, Buffer.from('small'))
    writer.writeNumber(frameType.window, 1, 77)
    writer.writeData(1, large)
    writer.writeControl(frameType.fin, 1)
    expect(sends).toEqual([])
    await nextTurn()
    expect(sends).toHaveLength(1)
    expect(sends[0]).toHaveLength(3)
    expect(sends[0]?.[1]).toBe(large)
    expect(frames().map(({ type }) => type)).toEqual([2, 5, 6, 5, 7])
  })

  it('never overwrites what has been handed over', async () => {
    const { sends, writer, frames } = createRig()
    for (let turn = 0; turn < 200; turn += 1) {
      for (let index = 0; index < 10; index += 1) writer.writeData(turn + 1, Buffer.alloc(300, turn))
      await nextTurn()
    }
    expect(frames()).toHaveLength(2000)
    const whole = Buffer.concat(sends.flat())
    for (let at = 0; at < whole.length; at += 308)
      expect(whole[at + 8]).toBe((whole.readUInt32BE(at + 4) - 1) & 0xff)
  })

  it('lets sources take turns, one frame each, and bounds what one turn of the event loop sends', async () => {
    const { sends, writer, frames } = createRig()
    for (const streamId of [1, 3, 5]) writer.enqueue(createSource(writer, streamId, 4))
    expect(writer.isReady).toBe(false)
    await nextTurn()
    expect(frames().map(({ streamId }) => streamId)).toEqual([1, 3, 5, 1, 3])
    await nextTurn()
    await nextTurn()
    expect(frames().map(({ streamId }) => streamId)).toEqual([1, 3, 5, 1, 3, 5, 1, 3, 5, 1, 3, 5])
    expect(Math.max(...sends.map((parts) => Buffer.concat(parts).length))).toBeLessThan(320 * 1024)
    expect(writer.isReady).toBe(true)
  })

  it('holds everything while the transport is backed up, and goes on in order', async () => {
    const { sends, state, writer, frames } = createRig()
    state.isTaking = false
    writer.writeData(1, Buffer.from('first'))
    await nextTurn()
    expect(sends).toHaveLength(1)
    expect(writer.isReady).toBe(false)
    writer.writeNumber(frameType.window, 1, 5)
    const source = createSource(writer, 3, 1)
    writer.enqueue(source)
    writer.enqueue(source)
    await nextTurn()
    expect(sends).toHaveLength(1)
    state.isTaking = true
    writer.drained()
    expect(frames().map(({ type, streamId }) => [type, streamId])).toEqual([
      [5, 1],
      [6, 1],
      [5, 3],
    ])
    expect(source.isQueued).toBe(false)
  })

  it('reports a peer that makes control frames pile up without reading', async () => {
    const { state, writer } = createRig()
    state.isTaking = false
    writer.writeControl(frameType.fin, 1)
    await nextTurn()
    for (let index = 0; index < 250_000; index += 1) writer.writeControl(frameType.pong, 0, Buffer.alloc(8))
    expect(state.held).toBe(0)
    for (let index = 0; index < 20_000; index += 1) writer.writeControl(frameType.pong, 0, Buffer.alloc(8))
    expect(state.held).toBeGreaterThan(0)
  })

  it('says its last words at once and nothing after closing', async () => {
    const { sends, writer, frames } = createRig()
    writer.writeControl(frameType.goaway, 0, Buffer.from('{"reason":"closing"}'))
    writer.flushNow()
    writer.close()
    writer.writeData(1, Buffer.alloc(100))
    writer.writeData(1, Buffer.alloc(10_000))
    writer.writeNumber(frameType.window, 1, 1)
    writer.enqueue(createSource(writer, 1, 1))
    await nextTurn()
    expect(sends).toHaveLength(1)
    expect(frames()).toEqual([{ type: frameType.goaway, streamId: 0, bytes: 20 }])
  })
})
