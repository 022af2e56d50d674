import type { AgentStatus } from './agent-status.ts'
import type { Clock } from '../clock.ts'
import type { HeartbeatTimes } from '../mux/heartbeat.ts'
import type { LocalTargets } from './local-targets.ts'
import type { OpenLimits } from '../mux/open-limiter.ts'
import type { TunnelLog } from '../tunnel-log.ts'

export interface StartAgentOptions {
  readonly hubUrl: string
  readonly proxyUrl?: string | undefined
  /** PEM certificates to trust instead of the system's. */
  readonly ca?: string | undefined
  /** `agent_tok_…` */
  readonly token: string
  /** This program's version, shown to the hub. */
  readonly version: string
  readonly targets: LocalTargets
  readonly onStatus: (status: AgentStatus) => void
  readonly log: TunnelLog
  readonly transport?: 'auto' | 'raw' | 'websocket'
  readonly limits?: Partial<OpenLimits>
  /** How long a local service may take to accept a connection; 10 s by default. */
  readonly connectTimeoutMs?: number
  /** How long the hub may take to answer an attempt; 10 s by default. */
  readonly handshakeTimeoutMs?: number
  readonly heartbeat?: HeartbeatTimes
  readonly clock?: Clock
  /** Uniform in [0, 1). */
  readonly random?: () => number
}

export interface Agent {
  readonly status: AgentStatus
  /** Connects at once if it waits, and makes sure that an existing tunnel still works. */
  reconnectNow(): void
  /** Tells the hub which services are served now; call after changing `targets`. */
  targetsChanged(): void
  close(): void
}

export interface TunnelAgentOptions extends Omit<StartAgentOptions, 'hubUrl' | 'proxyUrl'> {
  readonly hubUrl: URL
  readonly proxyUrl: URL | undefined
  readonly instanceId: string
}
