import type { Duplex } from 'node:stream'
import type { Goaway } from '../mux/goaway.ts'
import type { PeerHello } from '../mux/hello.ts'
import type { StreamRequest } from '../mux/open-request.ts'

/** The hub's end of one agent's tunnel. */
export interface TunnelSession {
  readonly agentId: string
  /** Names the agent's process: the same one reconnecting may always replace itself. */
  readonly instanceId: string
  readonly transport: 'raw' | 'websocket'
  readonly connectedAtMs: number
  /** What the agent said of itself; null until its first frame has arrived. */
  readonly hello: PeerHello | null
  readonly streamCount: number
  /** True while new streams may be opened. */
  readonly isOpen: boolean
  /**
   * A byte stream to one of the agent's services. Data may be written at once; a refusal arrives as the stream's
   * error (AppError). Throws AppError `tunnel.overloaded` or `agent.offline` when no stream can be opened.
   */
  openStream(request: StreamRequest): Duplex
  /** Asks the agent to connect again (`draining`) or to stay away; open streams finish, then the tunnel closes. */
  goaway(goaway: Goaway): void
  /** Tells the agent how wide to spread its reconnection after a loss, in milliseconds. */
  setReconnectSpread(spreadMs: number): void
  /** Says why, then closes at once with every stream in it. */
  closeWith(goaway: Goaway): void
  /** Cuts the connection without a word, and every stream in it. */
  destroy(reason: string): void
  /** Resolves with the reason when the tunnel has closed; never rejects. */
  readonly closed: Promise<string>
}
