import { systemClock, type Clock } from '../clock.ts'
import type { TunnelSession } from './tunnel-session.ts'

export interface TunnelRegistryOptions {
  readonly clock?: Clock
}

/** Two processes that share one agent's token change places at most this often. */
const takeoverEveryMs = 10_000

export type OnlineListener = (agentId: string, isOnline: boolean) => void

interface Entry {
  readonly session: TunnelSession
  /** When a different process took the agent's place; null while it has been the same one. */
  readonly takenOverAtMs: number | null
}

/** Wide enough that a restart of the hub meets some 55 connections per second, and half of 1,000 agents are back within 10 s. */
const spreadPerAgentMs = 19
const spreadMaxMs = 30_000

/** Which tunnel serves which agent on this node. */
export class TunnelRegistry {
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()
  readonly #sessions = new Set<TunnelSession>()
  readonly #listeners = new Set<OnlineListener>()
  #spreadFor = 0

  constructor(options: TunnelRegistryOptions = {}) {
    this.#clock = options.clock ?? systemClock
  }

  get onlineCount(): number {
    return this.#entries.size
  }

  /**
   * Puts a new tunnel in charge of its agent: it gets all new streams, the one before finishes its own. False when
   * another process of this agent took over less than 10 s ago; the new one is then told `connected_elsewhere`.
   */
  add(session: TunnelSession): boolean {
    const before = this.#entries.get(session.agentId)
    const isTakeover = before !== undefined && before.session.instanceId !== session.instanceId
    const nowMs = this.#clock.monotonicMs()
    const waitMs = isTakeover ? takeoverEveryMs - (nowMs - (before.takenOverAtMs ?? -Infinity)) : 0
    if (waitMs > 0) {
      session.closeWith({ reason: 'connected_elsewhere', retryAfterMs: Math.ceil(waitMs) })
      return false
    }
    const takenOverAtMs = isTakeover ? nowMs : (before?.takenOverAtMs ?? null)
    this.#entries.set(session.agentId, { session, takenOverAtMs })
    this.#sessions.add(session)
    void session.closed.then(() => this.#forget(session))
    this.#spread(session)
    if (before === undefined) this.#tell(session.agentId, true)
    else before.session.goaway({ reason: 'replaced' })
    return true
  }

  /** The tunnel for new streams, or null when the agent is offline. */
  get(agentId: string): TunnelSession | null {
    const session = this.#entries.get(agentId)?.session
    return session?.isOpen === true ? session : null
  }

  isOnline(agentId: string): boolean {
    return this.get(agentId) !== null
  }

  /** Calls back whenever an agent goes online or offline; answers how to stop. */
  onChange(listener: OnlineListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Cuts every tunnel of the agent, old ones too, now: it was revoked. */
  revoke(agentId: string): void {
    for (const session of this.#sessions)
      if (session.agentId === agentId) session.closeWith({ reason: 'revoked' })
  }

  /** Asks all agents to connect elsewhere; their tunnels go on serving until they have. */
  drain(): void {
    for (const session of this.#sessions) session.goaway({ reason: 'draining' })
  }

  /** Cuts what is left. */
  close(): void {
    for (const session of this.#sessions) session.closeWith({ reason: 'draining' })
  }

  #forget(session: TunnelSession): void {
    this.#sessions.delete(session)
    if (this.#entries.get(session.agentId)?.session !== session) return
    this.#entries.delete(session.agentId)
    this.#tell(session.agentId, false)
  }

  #tell(agentId: string, isOnline: boolean): void {
    for (const listener of this.#listeners) listener(agentId, isOnline)
  }

  /** Agents that came early would believe in a small hub: all hear of each doubling. */
  #spread(session: TunnelSession): void {
    const isDoubled = this.#sessions.size > this.#spreadFor
    if (isDoubled) this.#spreadFor = Math.max(2, this.#sessions.size * 2)
    const spreadMs = Math.min(spreadMaxMs, this.#spreadFor * spreadPerAgentMs)
    for (const told of isDoubled ? this.#sessions : [session]) told.setReconnectSpread(spreadMs)
  }
}

export function createTunnelRegistry(options: TunnelRegistryOptions = {}): TunnelRegistry {
  return new TunnelRegistry(options)
}
