import type { Duplex } from 'node:stream'

/** How the service speaks. `auto` is found out by asking its target once whether it speaks TLS. */
export type UpstreamProtocol = 'auto' | 'http' | 'https' | 'tcp'

/** A service as the data plane sees it: where its bytes go. `agentId` null means that the hub dials it itself. */
export interface UpstreamService {
  readonly id: string
  readonly agentId: string | null
  /** Whose service it is: one workspace takes no more than its part of all look-ups of names. */
  readonly workspaceId?: string
  readonly name: string
  readonly targetHost: string
  readonly targetPort: number
  readonly protocol: UpstreamProtocol
  /** Switch for external `https` targets whose certificate cannot be verified; never on by default. */
  readonly acceptsSelfSigned?: boolean
}

/** What the stream is for: pooled HTTP requests, one upgraded connection, or one database session. */
export type DialKind = 'http' | 'upgrade' | 'query'

export interface DialOptions {
  readonly shareId: string
  readonly kind: DialKind
  readonly signal: AbortSignal
  /** Resolve only once the service itself has accepted; otherwise data may be sent before that is known. */
  readonly awaitsOpen?: boolean
}

/**
 * Opens a byte stream to a service. Rejects with an AppError: `agent.offline`, `share.not_shared`,
 * `upstream.refused`, `upstream.timeout`, `tunnel.failed`, `tunnel.overloaded`.
 * A stream that ends abnormally must be destroyed with an error: an `end` says that the upstream had finished.
 */
export type Dial = (service: UpstreamService, options: DialOptions) => Promise<Duplex>
