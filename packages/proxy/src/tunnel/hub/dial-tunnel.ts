import type { Duplex } from 'node:stream'
import { AppError } from '@private-connect/errors'
import type { StreamKind } from '../mux/open-request.ts'
import type { TunnelRegistry } from './tunnel-registry.ts'

export interface TunnelDialOptions {
  readonly shareId: string
  readonly kind: StreamKind
  /** Until the agent has answered, an abort cuts the stream; afterwards the stream is its user's. */
  readonly signal: AbortSignal
  /** Resolve, or reject, only when the agent has answered. */
  readonly awaitsOpen?: boolean
}

/** A dial through the agent's tunnel of this node. Resolves at once, unless told to wait: data may follow before the agent has answered. */
export function dialTunnel(
  registry: TunnelRegistry,
): (service: { id: string; agentId: string | null }, options: TunnelDialOptions) => Promise<Duplex> {
  return async (service, { shareId, kind, signal, awaitsOpen = false }) => {
    if (signal.aborted) throw new AppError('tunnel.failed', undefined, { cause: signal.reason })
    const session = service.agentId === null ? null : registry.get(service.agentId)
    if (session === null) throw new AppError('agent.offline', undefined, { retryAfterSeconds: 5 })
    const stream = session.openStream({ serviceId: service.id, shareId, kind })
    const cut = (): void => void stream.destroy()
    const release = (): void => signal.removeEventListener('abort', cut)
    signal.addEventListener('abort', cut, { once: true })
    stream.once('opened', release)
    stream.once('close', release)
    if (awaitsOpen) await untilOpened(stream)
    return stream
  }
}

function untilOpened(stream: Duplex): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('opened', resolve)
    stream.once('error', reject)
    stream.once('close', () => reject(new AppError('tunnel.failed')))
  })
}
