import type { FastifyInstance } from 'fastify'

export interface HealthOptions {
  /** Resolves when the database answers and the hub holds its lock. */
  readonly checkStore: () => Promise<void>
  readonly isDraining: () => boolean
  /** Flags of what an operator should look at; no versions, no addresses. */
  readonly warnings: () => readonly string[]
  /** Flags of what its operator has opened on purpose: no fault, and worth knowing of. */
  readonly notices: readonly string[]
}

/** Whether the process lives, whether it should get traffic, and what is not as it should be. None shows a secret. */
export function addHealth(app: FastifyInstance, options: HealthOptions): void {
  const isStoreReady = async () =>
    options.checkStore().then(
      () => true,
      () => false,
    )

  app.get('/livez', async () => ({ status: 'ok' }))

  app.get('/readyz', async (_request, reply) => {
    const isReady = !options.isDraining() && (await isStoreReady())
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ok' : 'unavailable' })
  })

  app.get('/health', async () => {
    const warnings = [
      ...options.warnings(),
      ...(options.isDraining() ? ['draining'] : []),
      ...((await isStoreReady()) ? [] : ['store_unavailable']),
    ]
    return { status: warnings.length === 0 ? 'ok' : 'degraded', warnings, notices: options.notices }
  })
}
