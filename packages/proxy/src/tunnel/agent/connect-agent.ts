import type { PeerHello } from '../mux/hello.ts'
import type { Goaway } from '../mux/goaway.ts'
import type { Clock } from '../clock.ts'
import type { HeartbeatTimes } from '../mux/heartbeat.ts'
import { AttemptError } from './attempt-error.ts'
import { openTunnel, type OpenTunnelOptions } from './open-tunnel.ts'
import type { OpenLimits } from '../mux/open-limiter.ts'
import { serveStream, type ServeStreamOptions } from './serve-stream.ts'
import { TunnelMux } from '../mux/tunnel-mux.ts'

/** A tunnel that the hub has greeted. */
export interface AgentConnection {
  readonly mux: TunnelMux
  readonly transport: 'raw' | 'websocket'
  readonly hubHello: PeerHello
}

export interface ConnectAgentOptions extends OpenTunnelOptions, ServeStreamOptions {
  readonly hello: PeerHello
  readonly limits: OpenLimits
  readonly heartbeat: HeartbeatTimes
  readonly clock: Clock
  /** Called in wire order: what the hub sent in the same breath (a goaway) comes after it. */
  onGreeted(connection: AgentConnection): void
  /** The hub's later hellos. */
  onHello(mux: TunnelMux, hello: PeerHello): void
  onGoaway(mux: TunnelMux, goaway: Goaway): void
  /** Only for a tunnel that was greeted before. */
  onClose(mux: TunnelMux, reason: string): void
}

/** Opens a tunnel; resolves after the hub's greeting (`onGreeted`). Rejects with AttemptError. */
export async function connectAgent(options: ConnectAgentOptions): Promise<void> {
  const transport = await openTunnel(options)
  return new Promise((resolve, reject) => {
    let isGreeted = false
    const abort = (): void => mux.destroy('the attempt was given up')
    const mux = new TunnelMux({
      ...options,
      end: 'agent',
      transport,
      events: {
        onHello: (hubHello) => {
          if (isGreeted) return options.onHello(mux, hubHello)
          isGreeted = true
          options.signal.removeEventListener('abort', abort)
          options.onGreeted({ mux, transport: transport.kind, hubHello })
          resolve()
        },
        onGoaway: (goaway) => options.onGoaway(mux, goaway),
        onOpen: (incoming) => serveStream(incoming, options),
        onClose: (reason) => {
          options.signal.removeEventListener('abort', abort)
          if (isGreeted) options.onClose(mux, reason)
          else reject(new AttemptError('unreachable', `The hub did not greet: ${reason}.`))
        },
      },
    })
    options.signal.addEventListener('abort', abort, { once: true })
    if (options.signal.aborted) return abort()
    mux.start(options.hello)
  })
}
