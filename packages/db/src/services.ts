import { AppError } from '@private-connect/errors'
import { getAgent } from './agents.ts'
import { inTransaction, type Queryable } from './create-db.ts'
import type { DatabaseEngine, Prisma, ServiceProtocol, ServiceStatus } from './generated/client.ts'
import { newId } from './new-id.ts'
import { pageFilter, type Page } from './page.ts'
import { appendRevocation } from './revocations.ts'

const serviceColumns = {
  id: true,
  workspaceId: true,
  agentId: true,
  name: true,
  targetHost: true,
  targetPort: true,
  protocol: true,
  engine: true,
  status: true,
  lastCheckedAt: true,
  allowsSelfSigned: true,
  credentialsKeyId: true,
  createdAt: true,
} satisfies Prisma.ServiceSelect
type ServiceColumns = Prisma.ServiceGetPayload<{ select: typeof serviceColumns }>

export interface ServiceRow extends Omit<ServiceColumns, 'credentialsKeyId'> {
  readonly isExternal: boolean
  readonly hasCredentials: boolean
}

export interface ServiceInput {
  readonly workspaceId: string
  /** Null: external. */
  readonly agentId: string | null
  readonly name: string
  readonly targetHost: string
  readonly targetPort: number
  readonly protocol: ServiceProtocol
  /** Left out, a known service keeps its own. */
  readonly engine?: DatabaseEngine | undefined
}

/** Names a service in its workspace. */
export interface ServiceRef {
  readonly workspaceId: string
  readonly serviceId: string
}

/**
 * Registers a service, or updates the one of that name if it is the same agent's (or both are external).
 * Throws `agent.not_found`, `service.name_taken`.
 */
export async function upsertService(
  db: Queryable,
  input: ServiceInput,
): Promise<{ service: ServiceRow; isNew: boolean; isMoved: boolean }> {
  return inTransaction(db, async (tx) => {
    if (input.agentId !== null) {
      await getAgent(tx, { workspaceId: input.workspaceId, agentId: input.agentId })
    }
    const before = await tx.client.service.findFirst({
      where: { workspaceId: input.workspaceId, name: input.name, deletedAt: null },
      select: serviceColumns,
    })
    const written = await writeService(tx, input)
    const ref = { workspaceId: input.workspaceId, serviceId: written.id }
    // Grants in the nodes' caches still name the old target.
    const isMoved = before !== null && hasOtherTarget(before, input)
    if (isMoved) {
      await appendRevocation(tx, {
        workspaceId: input.workspaceId,
        kind: 'service_target',
        subjectId: written.id,
      })
    }
    return { service: await getService(tx, ref), isNew: written.isNew, isMoved }
  })
}

function hasOtherTarget(before: ServiceColumns, input: ServiceInput): boolean {
  return (
    before.targetHost !== input.targetHost ||
    before.targetPort !== input.targetPort ||
    before.protocol !== input.protocol ||
    before.engine !== (input.engine ?? before.engine)
  )
}

async function writeService(tx: Queryable, input: ServiceInput): Promise<{ id: string; isNew: boolean }> {
  const id = newId('svc')
  const rows = await tx.client.$queryRaw<{ id: string }[]>`
    INSERT INTO services AS s (id, workspace_id, agent_id, name, target_host, target_port, protocol, engine)
    VALUES (${id}, ${input.workspaceId}, ${input.agentId}, ${input.name}, ${input.targetHost},
      ${input.targetPort}, ${input.protocol}::service_protocol, ${input.engine ?? null}::database_engine)
    ON CONFLICT (workspace_id, name) WHERE deleted_at IS NULL DO UPDATE SET
      target_host = excluded.target_host, target_port = excluded.target_port,
      protocol = excluded.protocol, engine = coalesce(excluded.engine, s.engine), updated_at = now(),
      status = CASE WHEN (s.target_host, s.target_port, s.protocol)
        = (excluded.target_host, excluded.target_port, excluded.protocol) THEN s.status ELSE 'unknown' END,
      last_checked_at = CASE WHEN (s.target_host, s.target_port, s.protocol)
        = (excluded.target_host, excluded.target_port, excluded.protocol) THEN s.last_checked_at END
    WHERE s.agent_id IS NOT DISTINCT FROM excluded.agent_id
    RETURNING id`
  const row = rows[0]
  if (row === undefined) throw new AppError('service.name_taken')
  return { id: row.id, isNew: row.id === id }
}

/** Throws `service.not_found`. */
export async function getService(db: Queryable, ref: ServiceRef): Promise<ServiceRow> {
  const row = await db.client.service.findFirst({
    where: { id: ref.serviceId, workspaceId: ref.workspaceId, deletedAt: null },
    select: serviceColumns,
  })
  if (row === null) throw new AppError('service.not_found')
  return toServiceRow(row)
}

export async function listServices(
  db: Queryable,
  input: Page & { readonly workspaceId: string },
): Promise<ServiceRow[]> {
  const rows = await db.client.service.findMany({
    where: { workspaceId: input.workspaceId, deletedAt: null, ...pageFilter(input) },
    orderBy: { id: 'desc' },
    take: input.limit,
    select: serviceColumns,
  })
  return rows.map(toServiceRow)
}

/** What a check found. A service deleted meanwhile is no error. */
export async function setServiceStatus(
  db: Queryable,
  input: ServiceRef & { readonly status: ServiceStatus; readonly checkedAt: Date },
): Promise<void> {
  await db.client.service.updateMany({
    where: { id: input.serviceId, workspaceId: input.workspaceId, deletedAt: null },
    data: { status: input.status, lastCheckedAt: input.checkedAt },
  })
}

/** Soft: its shares answer as inactive from now on, its logs stay. Throws `service.not_found`. */
export async function deleteService(db: Queryable, ref: ServiceRef): Promise<void> {
  await inTransaction(db, async (tx) => {
    const { count } = await tx.client.service.updateMany({
      where: { id: ref.serviceId, workspaceId: ref.workspaceId, deletedAt: null },
      data: { deletedAt: new Date() },
    })
    if (count === 0) throw new AppError('service.not_found')
    await appendRevocation(tx, { workspaceId: ref.workspaceId, kind: 'service', subjectId: ref.serviceId })
  })
}

function toServiceRow({ credentialsKeyId, ...row }: ServiceColumns): ServiceRow {
  return { ...row, isExternal: row.agentId === null, hasCredentials: credentialsKeyId !== null }
}
