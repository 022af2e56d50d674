import type { Agent, TunnelAgentOptions } from './agent-options.ts'
import type { AgentStatus, WaitReason } from './agent-status.ts'
import { AttemptError, toAttemptError } from './attempt-error.ts'
import { systemClock, type Clock } from '../clock.ts'
import { connectAgent, type AgentConnection, type ConnectAgentOptions } from './connect-agent.ts'
import type { Goaway, GoawayReason } from '../mux/goaway.ts'
import { defaultHeartbeat } from '../mux/heartbeat.ts'
import type { PeerHello } from '../mux/hello.ts'
import { watchNetwork, type NetworkWatch } from './network-watch.ts'
import { defaultOpenLimits } from '../mux/open-limiter.ts'
import { createRetrySchedule } from './retry-schedule.ts'
import type { TunnelMux } from '../mux/tunnel-mux.ts'

/** A connection that held this long makes the next loss a new one. */
const stableMs = 30_000
const drainSpreadMaxMs = 10_000
const probeMs = 3000
/** Changes of targets within this time are told together, so that no hub finds too many hellos (announcement-limit.ts). */
const helloEveryMs = 250

/** The agent's life: connecting, connected, waiting, and the move to another tunnel when the hub drains. */
export class TunnelAgent implements Agent {
  readonly #options: TunnelAgentOptions
  readonly #clock: Clock
  readonly #random: () => number
  readonly #schedule
  #status: AgentStatus = { state: 'connecting', attempt: 1 }
  /** The tunnel that counts; one that it replaced may be finishing its streams beside it. */
  #current: TunnelMux | null = null
  readonly #tunnels = new Set<TunnelMux>()
  #attempt: AbortController | null = null
  #attempts = 0
  #spreadMs = 0
  #networkWatch: NetworkWatch | null = null
  #cancelRetry: (() => void) | null = null
  #cancelStable: (() => void) | null = null
  #cancelHello: (() => void) | null = null

  constructor(options: TunnelAgentOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#random = options.random ?? Math.random
    this.#schedule = createRetrySchedule(this.#random)
  }

  get status(): AgentStatus {
    return this.#status
  }

  start(): void {
    this.#networkWatch = watchNetwork(() => this.#networkChanged())
    this.#connect()
  }

  reconnectNow(): void {
    if (this.#status.state === 'waiting') this.#connect()
    else this.#current?.heartbeat.probe(probeMs)
  }

  targetsChanged(): void {
    this.#cancelHello ??= this.#clock.setTimer(() => {
      this.#cancelHello = null
      this.#current?.sendHello(this.#hello())
    }, helloEveryMs)
  }

  close(): void {
    if (this.#status.state === 'closed') return
    this.#setStatus({ state: 'closed' })
    this.#networkWatch?.close()
    this.#cancelRetry?.()
    this.#cancelStable?.()
    this.#cancelHello?.()
    this.#attempt?.abort(new AttemptError('unreachable', 'The agent was closed.'))
    this.#current = null
    for (const mux of this.#tunnels) mux.closeWith({ reason: 'closing' })
  }

  #connect(): void {
    this.#cancelRetry?.()
    this.#cancelRetry = null
    this.#attempts += 1
    this.#setStatus({ state: 'connecting', attempt: this.#attempts })
    const attempt = new AbortController()
    this.#attempt = attempt
    const timeoutMs = this.#options.handshakeTimeoutMs ?? 10_000
    const cancelTimer = this.#clock.setTimer(
      () => attempt.abort(new AttemptError('unreachable', 'The hub did not answer in time.')),
      timeoutMs,
    )
    connectAgent(this.#connectOptions(attempt.signal))
      .finally(cancelTimer)
      .catch((error: unknown) => {
        this.#attempt = null
        this.#failed(toAttemptError(attempt.signal.reason ?? error))
      })
  }

  #connectOptions(signal: AbortSignal): ConnectAgentOptions {
    const options = this.#options
    return {
      ...options,
      transport: options.transport ?? 'auto',
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      limits: { ...defaultOpenLimits, ...options.limits },
      heartbeat: options.heartbeat ?? defaultHeartbeat,
      clock: this.#clock,
      hello: this.#hello(),
      signal,
      onGreeted: (connection: AgentConnection) => this.#connected(connection),
      onHello: (mux: TunnelMux, hello: PeerHello) => this.#heardHello(mux, hello),
      onGoaway: (mux: TunnelMux, goaway: Goaway) => this.#heardGoaway(mux, goaway),
      onClose: (mux: TunnelMux, reason: string) => this.#lost(mux, reason),
    }
  }

  #hello(): PeerHello {
    const { version, targets, limits } = this.#options
    return {
      version,
      capabilities: [],
      services: [...targets.keys()],
      ...defaultOpenLimits,
      ...limits,
      reconnectSpreadMs: 0,
    }
  }

  #connected({ mux, transport, hubHello }: AgentConnection): void {
    this.#attempt = null
    if (this.#status.state === 'closed') return mux.closeWith({ reason: 'closing' })
    const before = this.#current
    this.#current = mux
    this.#tunnels.add(mux)
    this.#heardHello(mux, hubHello)
    before?.goaway({ reason: 'closing' })
    this.#attempts = 0
    this.#cancelStable?.()
    this.#cancelStable = this.#clock.setTimer(() => this.#schedule.reset(), stableMs)
    this.#setStatus({
      state: 'connected',
      transport,
      hubVersion: hubHello.version,
      sinceMs: this.#clock.nowMs(),
    })
  }

  #heardHello(mux: TunnelMux, hello: PeerHello): void {
    if (mux !== this.#current) return
    this.#spreadMs = hello.reconnectSpreadMs
    this.#schedule.setSpread(hello.reconnectSpreadMs)
  }

  #heardGoaway(mux: TunnelMux, goaway: Goaway): void {
    this.#options.log.info({ reason: goaway.reason }, 'the hub says goaway')
    if (goaway.reason === 'draining') return this.#move(mux)
    const error = goawayErrors[goaway.reason]?.(goaway.retryAfterMs ?? 0)
    if (error === undefined || mux !== this.#current) return
    // The old tunnel finishes its streams by itself; it is no longer waited for.
    this.#current = null
    this.#failed(error)
  }

  /** The hub drains: another tunnel first, then this one may finish. */
  #move(mux: TunnelMux): void {
    if (mux !== this.#current || this.#attempt !== null || this.#cancelRetry !== null) return
    const delayMs = this.#random() * Math.min(this.#spreadMs, drainSpreadMaxMs)
    this.#cancelRetry = this.#clock.setTimer(() => this.#connect(), delayMs)
  }

  #lost(mux: TunnelMux, reason: string): void {
    this.#tunnels.delete(mux)
    if (mux !== this.#current) return
    this.#current = null
    this.#cancelStable?.()
    // A move to another tunnel is already under way.
    if (this.#attempt !== null || this.#cancelRetry !== null) return
    this.#failed(new AttemptError('connection_lost', `The connection to the hub was lost: ${reason}.`))
  }

  #failed(error: AttemptError): void {
    if (this.#status.state === 'closed') return
    this.#cancelStable?.()
    this.#cancelRetry?.()
    const delayMs = this.#schedule.delayAfter(error)
    this.#options.log.info({ reason: error.reason, delayMs, err: error }, 'waiting to connect to the hub')
    this.#cancelRetry = this.#clock.setTimer(() => this.#connect(), delayMs)
    this.#setStatus({
      state: 'waiting',
      reason: error.reason,
      message: error.message,
      retryAtMs: this.#clock.nowMs() + delayMs,
    })
  }

  /** A new network cures none of the hub's own refusals. */
  #networkChanged(): void {
    const status = this.#status
    if (status.state === 'waiting' && !curableReasons.has(status.reason)) return
    this.reconnectNow()
  }

  #setStatus(status: AgentStatus): void {
    this.#status = status
    this.#options.onStatus(status)
  }
}

const curableReasons: ReadonlySet<WaitReason> = new Set([
  'unreachable',
  'connection_lost',
  'tls_failed',
  'proxy_failed',
  'portal',
  'hub_unavailable',
])

/** Goaways after which this agent waits, whatever becomes of the tunnel. */
const goawayErrors: Readonly<Partial<Record<GoawayReason, (retryAfterMs: number) => AttemptError>>> = {
  replaced: () =>
    new AttemptError('connected_elsewhere', 'This agent is now connected from another program or machine.'),
  connected_elsewhere: (retryAfterMs) =>
    new AttemptError('connected_elsewhere', 'This agent is connected from another program or machine.', {
      retryAfterMs,
    }),
  revoked: () => new AttemptError('unauthorized', 'The hub no longer accepts this agent.'),
  overloaded: () =>
    new AttemptError('protocol_error', 'The hub found too many streams opened by this agent.'),
  protocol_error: () => new AttemptError('protocol_error', 'The hub could not understand this agent.'),
  flow_control: () => new AttemptError('protocol_error', 'The hub received more than it had asked for.'),
}
