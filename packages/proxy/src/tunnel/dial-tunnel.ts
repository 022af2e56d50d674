import type { Duplex } from 'node:stream'
import { AppError } from '@private-connect/errors'
import type { StreamKind } from './open-request.ts'
import type { TunnelRegistry } from './tunnel-registry.ts'

export interface TunnelDialOptions {
  readonly shareId: string
  readonly kind: StreamKind
  /** Until the agent has answered, an abort cuts the stream; afterwards the stream is its user's. */
  readonly signal: AbortSignal
}

/** A dial through the agent's tunnel of this node. Resolves at once: data may follow before the agent has answered. */
export function dialTunnel(
  registry: TunnelRegistry,
): (service: { id: string; agentId: string | null }, options: TunnelDialOptions) => Promise<Duplex> {
  return async (service, { shareId, kind, signal }) => {
    if (signal.aborted) throw new AppError('tunnel.failed', undefined, { cause: signal.reason })
    const session = service.agentId === null ? null : registry.get(service.agentId)
    if (session === null) throw new AppError('agent.offline', undefined, { retryAfterSeconds: 5 })
    const stream = session.openStream({ serviceId: service.id, shareId, kind })
    const cut = (): void => void stream.destroy()
    const release = (): void => signal.removeEventListener('abort', cut)
    signal.addEventListener('abort', cut, { once: true })
    stream.once('opened', release)
    stream.once('close', release)
    return stream
  }
}
