import { AppError } from '@private-connect/errors'
import { AnnouncementLimit } from './announcement-limit.ts'
import type { Clock } from '../clock.ts'
import { FrameDecoder } from './frame-decoder.ts'
import { frameType } from './frame.ts'
import { FrameWriter } from './frame-writer.ts'
import { encodeGoaway, type Goaway, type GoawayReason } from './goaway.ts'
import { Heartbeat, type HeartbeatTimes } from './heartbeat.ts'
import { encodeHello, type PeerHello } from './hello.ts'
import { createIncoming } from './incoming-stream.ts'
import { OpenLimiter, type OpenLimits } from './open-limiter.ts'
import { encodeOpen, type DecodedOpen, type StreamRequest } from './open-request.ts'
import type { MuxEvents } from './mux-events.ts'
import { receiveFrame } from './receive-frame.ts'
import { createWindowPool, ReceiveWindow } from './receive-window.ts'
import { encodeCode } from './stream-codes.ts'
import { StreamTable } from './stream-table.ts'
import type { TunnelLog } from '../tunnel-log.ts'
import { TunnelStream } from './tunnel-stream.ts'
import type { TunnelTransport } from './tunnel-transport.ts'

export interface MuxOptions {
  readonly end: 'hub' | 'agent'
  readonly transport: TunnelTransport
  readonly limits: OpenLimits
  readonly heartbeat: HeartbeatTimes
  readonly clock: Clock
  readonly log: TunnelLog
  readonly events: MuxEvents
}

/** A peer that opens this far beyond its limit is told to go away. */
const refusalsMax = 1000
/** After goaway: opens that were under way are still served, then the tunnel closes when it is empty. */
const lingerMs = 1000
const finishMaxMs = 30_000
/** How long the last words may take; a peer that reads nothing must not hold the socket. */
const partingMs = 2000

/** Many byte streams in one connection; the same on both ends. docs/protocol.md describes frames and states. */
export class TunnelMux {
  readonly writer: FrameWriter
  readonly streams: StreamTable
  readonly heartbeat: Heartbeat
  readonly announcements = new AnnouncementLimit()
  readonly #options: MuxOptions
  readonly #acceptLimiter: OpenLimiter
  readonly #openLimiter: OpenLimiter
  readonly #decoder: FrameDecoder
  readonly #pool
  readonly #cancelTimers: (() => void)[] = []
  #cancelParting: (() => void) | null = null
  #refusals = 0
  #isGreeted = false
  #isClosed = false
  #isFinishing = false
  #isPeerFinishing = false
  #peerGoaway: GoawayReason | null = null

  constructor(options: MuxOptions) {
    const { clock, limits, transport } = options
    this.#options = options
    this.streams = new StreamTable(options.end === 'hub' ? 1 : 2)
    this.writer = new FrameWriter(transport, () => this.destroy('the peer does not read'))
    // Frames that left evenly may arrive in a bunch: the acceptor is a little more patient than the opener.
    const patient = { streamsMax: limits.streamsMax, opensPerSecond: limits.opensPerSecond * 1.25 }
    this.#acceptLimiter = new OpenLimiter(patient, clock.monotonicMs())
    this.#openLimiter = new OpenLimiter(limits, clock.monotonicMs())
    this.#pool = createWindowPool(limits.streamsMax)
    this.#decoder = new FrameDecoder({
      onData: (streamId, piece) => this.#receiveData(streamId, piece),
      onFrame: (type, streamId, payload) => receiveFrame(this, { type, streamId, payload }),
    })
    this.heartbeat = new Heartbeat(clock, options.heartbeat, {
      sendPing: (payload) => this.writer.writeControl(frameType.ping, 0, payload),
      onDead: () => this.destroy('the peer has been silent for too long'),
    })
  }

  start(hello: PeerHello): void {
    this.sendHello(hello)
    this.heartbeat.start()
    this.#options.transport.start({
      onData: (chunk) => this.#receive(chunk),
      onDrain: () => this.writer.drained(),
      onClose: (cause) => {
        this.#cancelParting?.()
        this.#close(cause)
      },
    })
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Whether new streams may be opened. */
  get isOpen(): boolean {
    return !this.#isClosed && !this.#isFinishing && !this.#isPeerFinishing
  }

  /** Whether the peer's hello has arrived, which must be its first frame. */
  get isGreeted(): boolean {
    return this.#isGreeted
  }

  get rttMs(): number | null {
    return this.heartbeat.rttMs
  }

  monotonicMs(): number {
    return this.#options.clock.monotonicMs()
  }

  sendHello(hello: PeerHello): void {
    this.writer.writeControl(frameType.hello, 0, encodeHello(hello))
  }

  receiveHello(hello: PeerHello): void {
    this.#isGreeted = true
    const { limits } = this.#options
    this.#openLimiter.setLimits({
      streamsMax: Math.min(limits.streamsMax, hello.streamsMax),
      opensPerSecond: Math.min(limits.opensPerSecond, hello.opensPerSecond),
    })
    this.#options.events.onHello(hello)
  }

  /** Opens a stream; data may be written at once. Throws AppError when none can be opened. */
  open(request: StreamRequest): TunnelStream {
    if (!this.isOpen) throw new AppError('agent.offline')
    if (!this.#openLimiter.take(this.streams.ownCount, this.monotonicMs()))
      throw new AppError('tunnel.overloaded', undefined, { retryAfterSeconds: 1 })
    const id = this.streams.nextId()
    if (id === null) {
      this.destroy('all stream ids have been used')
      throw new AppError('agent.offline')
    }
    const stream = this.#createStream(id)
    this.writer.writeControl(frameType.open, id, encodeOpen(request, stream.grantFirst()))
    return stream
  }

  /** A stream that the peer opens; refused right away when there are too many. */
  receiveOpen(streamId: number, request: DecodedOpen): void {
    if (!this.#acceptLimiter.take(this.streams.peerCount, this.monotonicMs()))
      return this.#refuseExcess(streamId)
    this.#refusals = Math.max(0, this.#refusals - 1)
    const stream = this.#createStream(streamId)
    stream.receiveCredit(request.windowBytes)
    this.#options.events.onOpen(createIncoming(this.writer, stream, request))
  }

  /** A peer that drains still takes streams until the agent has moved; any other goaway is final. A repeated one is no news. */
  receiveGoaway(goaway: Goaway): void {
    if (goaway.reason === this.#peerGoaway) return
    this.#peerGoaway = goaway.reason
    if (goaway.reason !== 'draining') this.#isPeerFinishing = true
    this.#options.events.onGoaway(goaway)
  }

  /** Says goaway. Unless `draining`, the tunnel then closes by itself once its streams have finished. */
  goaway(goaway: Goaway): void {
    if (this.#isClosed) return
    this.writer.writeControl(frameType.goaway, 0, encodeGoaway(goaway))
    if (goaway.reason === 'draining' || this.#isFinishing) return
    this.#isFinishing = true
    const { clock } = this.#options
    const close = (): void => this.#leave(goaway.reason)
    this.#cancelTimers.push(clock.setTimer(() => this.streams.whenEmpty(close), lingerMs))
    this.#cancelTimers.push(clock.setTimer(close, finishMaxMs))
  }

  /** Says why and closes at once; streams that are still open are lost. */
  closeWith(goaway: Goaway, detail: string = goaway.reason): void {
    if (this.#isClosed) return
    this.writer.writeControl(frameType.goaway, 0, encodeGoaway(goaway))
    this.#leave(detail)
  }

  /** The peer broke the rules: it is told so, and nothing of it is read any more. */
  violate(reason: GoawayReason, detail: string): void {
    if (this.#isClosed) return
    this.#options.log.warn({ reason, detail }, 'the peer of a tunnel broke its rules')
    this.closeWith({ reason }, `${reason}: ${detail}`)
  }

  /** Cuts the connection without a word. */
  destroy(reason: string): void {
    if (this.#isClosed) return
    this.#options.transport.destroy()
    this.#close(reason)
  }

  forget(stream: TunnelStream): void {
    this.streams.remove(stream)
  }

  #leave(reason: string): void {
    if (this.#isClosed) return
    const { clock, transport } = this.#options
    this.writer.flushNow()
    transport.end()
    this.#close(reason)
    this.#cancelParting = clock.setTimer(() => transport.destroy(), partingMs)
  }

  #close(reason: string): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#decoder.stop()
    this.heartbeat.stop()
    this.writer.close()
    for (const cancelTimer of this.#cancelTimers) cancelTimer()
    this.streams.closeAll(
      () => new AppError('tunnel.failed', undefined, { message: `tunnel closed: ${reason}` }),
    )
    this.#options.events.onClose(reason)
  }

  #receive(chunk: Buffer): void {
    this.heartbeat.heard()
    const violation = this.#decoder.push(chunk)
    if (violation !== null) this.violate('protocol_error', violation)
  }

  #receiveData(streamId: number, piece: Buffer): void {
    const stream = this.streams.get(streamId)
    if (stream !== undefined) {
      if (!stream.receiveData(piece))
        this.violate('flow_control', `stream ${streamId} sent beyond its credit`)
    } else if (!this.#isGreeted || !this.streams.wasOpened(streamId)) {
      this.violate('protocol_error', `data on stream ${streamId}, which was never opened`)
    }
  }

  #createStream(streamId: number): TunnelStream {
    const stream = new TunnelStream(streamId, this, new ReceiveWindow(this.#pool, this.monotonicMs()))
    this.streams.add(stream)
    return stream
  }

  #refuseExcess(streamId: number): void {
    this.#refusals += 1
    if (this.#refusals > refusalsMax) return this.violate('overloaded', 'opens beyond every limit')
    this.writer.writeControl(frameType.refused, streamId, encodeCode('overloaded'))
  }
}
