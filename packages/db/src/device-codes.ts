import { inTransaction, type Queryable } from './create-db.ts'
import type { Prisma } from './generated/client.ts'
import { newId } from './new-id.ts'
import type { TokenHash } from './token-hash.ts'

const deviceCodeColumns = {
  id: true,
  clientName: true,
  ipAddress: true,
  createdAt: true,
  expiresAt: true,
} satisfies Prisma.DeviceCodeSelect
export type DeviceCodeRow = Prisma.DeviceCodeGetPayload<{ select: typeof deviceCodeColumns }>

export interface NewDeviceCode {
  readonly deviceCodeHash: TokenHash
  readonly userCodeHash: TokenHash
  readonly clientName: string
  readonly ipAddress: string | null
  readonly intervalSeconds: number
  readonly expiresAt: Date
}

const expiredPerCreation = 100

/** False when a code of the same hash is there already: make another one. Drops some that expired long ago. */
export async function createDeviceCode(db: Queryable, input: NewDeviceCode): Promise<boolean> {
  const { count } = await db.client.deviceCode.createMany({
    data: [{ ...input, id: newId('device') }],
    skipDuplicates: true,
  })
  await db.client.$executeRaw`
    DELETE FROM device_codes WHERE id IN (
      SELECT id FROM device_codes WHERE expires_at < now() - interval '1 day'
      ORDER BY expires_at LIMIT ${expiredPerCreation} FOR UPDATE SKIP LOCKED)`
  return count === 1
}

const undecided = { approvedAt: null, deniedAt: null, consumedAt: null } as const

/** A code that waits for its user; looking decides nothing. */
export async function findDeviceCode(db: Queryable, userCodeHash: TokenHash): Promise<DeviceCodeRow | null> {
  return db.client.deviceCode.findFirst({
    where: { userCodeHash, ...undecided, expiresAt: { gt: new Date() } },
    select: deviceCodeColumns,
  })
}

export interface DeviceDecision {
  readonly userCodeHash: TokenHash
  readonly userId: string
  readonly workspaceId: string
  readonly isApproved: boolean
}

/** Approves or denies, once: of any number of callers one gets the row, the others null. */
export async function decideDeviceCode(db: Queryable, input: DeviceDecision): Promise<DeviceCodeRow | null> {
  const { userCodeHash, userId, workspaceId, isApproved } = input
  const now = new Date()
  const rows = await db.client.deviceCode.updateManyAndReturn({
    where: { userCodeHash, ...undecided, expiresAt: { gt: now } },
    data: { userId, workspaceId, ...(isApproved ? { approvedAt: now } : { deniedAt: now }) },
    select: deviceCodeColumns,
  })
  return rows[0] ?? null
}

export type DevicePoll =
  | { readonly state: 'pending' | 'too_soon' | 'denied' | 'expired' }
  | {
      readonly state: 'approved'
      readonly userId: string
      readonly workspaceId: string
      readonly clientName: string
    }

interface PolledCode {
  readonly id: string
  readonly clientName: string
  readonly userId: string | null
  readonly workspaceId: string | null
  readonly isApproved: boolean
  readonly isDenied: boolean
  readonly isOver: boolean
  readonly isTooSoon: boolean
}

/** What a polling device is told (RFC 8628 §3.5). Asking too soon lengthens its interval by 5 s; `approved` is told once. */
export async function pollDeviceCode(db: Queryable, deviceCodeHash: TokenHash): Promise<DevicePoll> {
  return inTransaction(db, async (tx) => {
    // One second less than agreed, because a request that left in time may arrive early after a slow one.
    const [code] = await tx.client.$queryRaw<PolledCode[]>`
      SELECT id, client_name AS "clientName", user_id AS "userId", workspace_id AS "workspaceId",
        approved_at IS NOT NULL AS "isApproved", denied_at IS NOT NULL AS "isDenied",
        (consumed_at IS NOT NULL OR expires_at <= now()) AS "isOver",
        coalesce(last_polled_at > now() - make_interval(secs => interval_seconds - 1), false) AS "isTooSoon"
      FROM device_codes WHERE device_code_hash = ${deviceCodeHash} FOR UPDATE`
    if (code === undefined || code.isOver) return { state: 'expired' }
    await tx.client.deviceCode.update({
      where: { id: code.id },
      data: {
        lastPolledAt: new Date(),
        ...(code.isTooSoon ? { intervalSeconds: { increment: 5 } } : {}),
        ...(code.isApproved && !code.isTooSoon ? { consumedAt: new Date() } : {}),
      },
    })
    return describePoll(code)
  })
}

function describePoll({ clientName, userId, workspaceId, ...code }: PolledCode): DevicePoll {
  if (code.isTooSoon) return { state: 'too_soon' }
  if (code.isDenied) return { state: 'denied' }
  if (!code.isApproved || userId === null || workspaceId === null) return { state: 'pending' }
  return { state: 'approved', clientName, userId, workspaceId }
}
