import { AppError } from '@private-connect/errors'
import { inTransaction, type Queryable } from './create-db.ts'
import { isUniqueViolation } from './db-error.ts'
import type { DatabaseEngine, Prisma, ServiceProtocol } from './generated/client.ts'
import { appendRevocation } from './revocations.ts'
import { getService, type ServiceRef, type ServiceRow } from './services.ts'

export interface ServiceChange {
  readonly name?: string | undefined
  readonly targetHost?: string | undefined
  readonly targetPort?: number | undefined
  readonly protocol?: ServiceProtocol | undefined
  readonly engine?: DatabaseEngine | null | undefined
  readonly allowsSelfSigned?: boolean | undefined
}

/** Where a service's bytes go, and how. */
type Target = Pick<ServiceRow, 'targetHost' | 'targetPort' | 'protocol' | 'engine' | 'allowsSelfSigned'>

/**
 * Changes what is given. A service that leads elsewhere has not been checked there, and grants in the nodes' caches
 * still name the old target. Throws `service.not_found`, `service.name_taken`.
 */
export async function updateService(
  db: Queryable,
  { workspaceId, serviceId, ...change }: ServiceRef & ServiceChange,
): Promise<{ service: ServiceRow; isMoved: boolean }> {
  const ref = { workspaceId, serviceId }
  return inTransaction(db, async (tx) => {
    await tx.client.$executeRaw`SELECT 1 FROM services WHERE id = ${serviceId} FOR UPDATE`
    const before = await getService(tx, ref)
    const data = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
    const isMoved = leadsElsewhere(before, { ...before, ...data })
    await writeChange(tx, ref, isMoved ? { ...data, status: 'unknown', lastCheckedAt: null } : data)
    if (isMoved) await appendRevocation(tx, { workspaceId, kind: 'service_target', subjectId: serviceId })
    return { service: await getService(tx, ref), isMoved }
  })
}

async function writeChange(
  tx: Queryable,
  ref: ServiceRef,
  data: Prisma.ServiceUpdateManyMutationInput,
): Promise<void> {
  try {
    await tx.client.service.updateMany({
      where: { id: ref.serviceId, workspaceId: ref.workspaceId, deletedAt: null },
      data,
    })
  } catch (error) {
    throw isUniqueViolation(error) ? new AppError('service.name_taken', undefined, { cause: error }) : error
  }
}

function leadsElsewhere(before: Target, after: Target): boolean {
  return (
    before.targetHost !== after.targetHost ||
    before.targetPort !== after.targetPort ||
    before.protocol !== after.protocol ||
    before.engine !== after.engine ||
    before.allowsSelfSigned !== after.allowsSelfSigned
  )
}
