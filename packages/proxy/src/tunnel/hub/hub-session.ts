import type { Duplex } from 'node:stream'
import type { Clock } from '../clock.ts'
import type { Goaway } from '../mux/goaway.ts'
import type { HeartbeatTimes } from '../mux/heartbeat.ts'
import type { PeerHello } from '../mux/hello.ts'
import type { OpenLimits } from '../mux/open-limiter.ts'
import type { StreamRequest } from '../mux/open-request.ts'
import type { TunnelLog } from '../tunnel-log.ts'
import { TunnelMux } from '../mux/tunnel-mux.ts'
import type { TunnelSession } from './tunnel-session.ts'
import { TunnelDuplex } from './tunnel-duplex.ts'
import type { TunnelTransport } from '../mux/tunnel-transport.ts'

export interface HubSessionOptions {
  readonly agentId: string
  readonly instanceId: string
  readonly version: string
  readonly transport: TunnelTransport
  readonly limits: OpenLimits
  readonly heartbeat: HeartbeatTimes
  readonly clock: Clock
  readonly log: TunnelLog
}

/** The hub's end of a tunnel, on a transport that is ready. */
export class HubSession implements TunnelSession {
  readonly agentId: string
  readonly instanceId: string
  readonly transport: 'raw' | 'websocket'
  readonly connectedAtMs: number
  readonly closed: Promise<string>
  hello: PeerHello | null = null
  readonly #mux: TunnelMux
  readonly #ownHello: PeerHello
  #onClosed: (reason: string) => void = () => {}

  constructor(options: HubSessionOptions) {
    const { version, limits, log } = options
    this.agentId = options.agentId
    this.instanceId = options.instanceId
    this.transport = options.transport.kind
    this.connectedAtMs = options.clock.nowMs()
    this.#ownHello = { version, capabilities: [], services: [], ...limits, reconnectSpreadMs: 0 }
    this.closed = new Promise((resolve) => {
      this.#onClosed = resolve
    })
    this.#mux = new TunnelMux({
      ...options,
      end: 'hub',
      events: {
        onHello: (hello) => {
          this.hello = hello
        },
        onGoaway: ({ reason }) => log.info({ reason }, 'the agent says goaway'),
        // No agent opens streams in this version; a hub that takes none says so instead of breaking the tunnel.
        onOpen: (incoming) => incoming.refuse('not_allowed'),
        onClose: (reason) => this.#onClosed(reason),
      },
    })
    this.#mux.start(this.#ownHello)
  }

  get streamCount(): number {
    return this.#mux.streams.count
  }

  get isOpen(): boolean {
    return this.#mux.isOpen
  }

  openStream(request: StreamRequest): Duplex {
    return new TunnelDuplex(this.#mux.open(request), { allowHalfOpen: request.kind === 'upgrade' })
  }

  setReconnectSpread(reconnectSpreadMs: number): void {
    this.#mux.sendHello({ ...this.#ownHello, reconnectSpreadMs })
  }

  goaway(goaway: Goaway): void {
    this.#mux.goaway(goaway)
  }

  closeWith(goaway: Goaway): void {
    this.#mux.closeWith(goaway)
  }

  destroy(reason: string): void {
    this.#mux.destroy(reason)
  }
}
