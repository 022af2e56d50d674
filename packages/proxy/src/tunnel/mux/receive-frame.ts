import type { AnnouncementLimit } from './announcement-limit.ts'
import type { FrameWriter } from './frame-writer.ts'
import { frameType } from './frame.ts'
import { decodeGoaway, type Goaway, type GoawayReason } from './goaway.ts'
import type { Heartbeat } from './heartbeat.ts'
import { decodeHello, type PeerHello } from './hello.ts'
import { decodeOpen, type DecodedOpen } from './open-request.ts'
import { createStreamError } from './stream-codes.ts'
import type { StreamTable } from './stream-table.ts'
import type { TunnelStream } from './tunnel-stream.ts'

/** All of a tunnel that a frame of its peer can change. */
export interface FrameReceiver {
  readonly isGreeted: boolean
  readonly announcements: AnnouncementLimit
  readonly streams: StreamTable
  readonly writer: Pick<FrameWriter, 'writeControl'>
  readonly heartbeat: Pick<Heartbeat, 'pong'>
  monotonicMs(): number
  receiveHello(hello: PeerHello): void
  receiveOpen(streamId: number, request: DecodedOpen): void
  receiveGoaway(goaway: Goaway): void
  violate(reason: GoawayReason, detail: string): void
}

interface Frame {
  readonly type: number
  readonly streamId: number
  readonly payload: Buffer
}

/** What each frame does to a stream; false when it breaks the protocol. */
const streamFrames: Readonly<Record<number, (stream: TunnelStream, payload: Buffer) => boolean>> = {
  [frameType.opened]: (stream, payload) => stream.receiveOpened(payload.readUInt32BE(0)),
  [frameType.refused]: (stream, payload) => {
    stream.close(createStreamError('refused', payload))
    return true
  },
  [frameType.window]: (stream, payload) => stream.receiveCredit(payload.readUInt32BE(0)),
  [frameType.fin]: (stream) => stream.receiveFin(),
  [frameType.reset]: (stream, payload) => {
    stream.close(createStreamError('reset', payload))
    return true
  },
}

/** What each frame without a stream does; false when it breaks the protocol. */
const tunnelFrames: Readonly<Record<number, (mux: FrameReceiver, payload: Buffer) => boolean>> = {
  [frameType.hello]: (mux, payload) => {
    const hello = mux.announcements.takeHello(mux.monotonicMs()) ? decodeHello(payload) : null
    if (hello !== null) mux.receiveHello(hello)
    return hello !== null
  },
  [frameType.ping]: (mux, payload) => {
    mux.writer.writeControl(frameType.pong, 0, payload)
    return true
  },
  [frameType.pong]: (mux, payload) => {
    mux.heartbeat.pong(payload)
    return true
  },
  [frameType.goaway]: (mux, payload) => {
    const goaway = mux.announcements.takeGoaway() ? decodeGoaway(payload) : null
    if (goaway !== null) mux.receiveGoaway(goaway)
    return goaway !== null
  },
}

/** Applies one whole frame of the peer. Frames for streams that have closed meanwhile are normal and dropped. */
export function receiveFrame(mux: FrameReceiver, frame: Frame): void {
  if (!mux.isGreeted && frame.type !== frameType.hello)
    return mux.violate('protocol_error', 'the first frame was not hello')
  if (!applyFrame(mux, frame))
    mux.violate('protocol_error', `a frame of type ${frame.type} on stream ${frame.streamId}`)
}

function applyFrame(mux: FrameReceiver, frame: Frame): boolean {
  if (frame.type === frameType.open) return applyOpen(mux, frame)
  const applyToTunnel = tunnelFrames[frame.type]
  if (applyToTunnel !== undefined) return applyToTunnel(mux, frame.payload)
  const stream = mux.streams.get(frame.streamId)
  if (stream === undefined) return mux.streams.wasOpened(frame.streamId)
  return streamFrames[frame.type]?.(stream, frame.payload) ?? true
}

function applyOpen(mux: FrameReceiver, frame: Frame): boolean {
  const request = decodeOpen(frame.payload)
  if (request === null || !mux.streams.claimPeerId(frame.streamId)) return false
  mux.receiveOpen(frame.streamId, request)
  return true
}
