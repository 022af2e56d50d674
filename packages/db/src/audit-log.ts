import { createHash } from 'node:crypto'
import { inTransaction, type Queryable } from './create-db.ts'
import type { ActorKind, Prisma } from './generated/client.ts'
import { newId } from './new-id.ts'

export interface AuditInput {
  readonly workspaceId: string
  readonly actorKind: ActorKind
  readonly actorId: string | null
  /** `share.created`, `api_key.revoked`, `session.created` … */
  readonly action: string
  readonly subjectId: string | null
  readonly details?: Prisma.InputJsonObject
  readonly ipAddress: string | null
}

interface ChainHead {
  readonly seq: bigint
  readonly previousHash: Uint8Array<ArrayBuffer> | null
}

/**
 * Adds a row to the workspace's chain. Call it last in the transaction of the action itself: it locks the
 * workspace row, so that seq, hash and commit order agree.
 */
export async function appendAudit(db: Queryable, input: AuditInput): Promise<void> {
  await inTransaction(db, async (tx) => {
    const [head] = await tx.client.$queryRaw<ChainHead[]>`
      UPDATE workspaces SET last_audit_seq = last_audit_seq + 1 WHERE id = ${input.workspaceId}
      RETURNING last_audit_seq AS seq, last_audit_hash AS "previousHash"`
    if (head === undefined) throw new Error('An audit row names a workspace that does not exist.')
    const entry = { ...input, details: input.details ?? {}, id: newId('aud'), createdAt: new Date(), ...head }
    const hash = hashEntry(entry)
    await tx.client.auditEntry.create({ data: { ...entry, hash } })
    await tx.client.workspace.update({ where: { id: input.workspaceId }, data: { lastAuditHash: hash } })
  })
}

const auditColumns = {
  id: true,
  seq: true,
  actorKind: true,
  actorId: true,
  action: true,
  subjectId: true,
  details: true,
  ipAddress: true,
  createdAt: true,
  previousHash: true,
  hash: true,
} satisfies Prisma.AuditEntrySelect

export interface AuditRow extends Omit<Prisma.AuditEntryGetPayload<{ select: typeof auditColumns }>, 'seq'> {
  readonly seq: number
}

/** Newest first; `beforeSeq` is the seq of the last row that the reader has. */
export async function listAuditEntries(
  db: Queryable,
  input: { readonly workspaceId: string; readonly limit: number; readonly beforeSeq?: number | undefined },
): Promise<AuditRow[]> {
  const { workspaceId, beforeSeq, limit } = input
  const rows = await db.client.auditEntry.findMany({
    where: { workspaceId, ...(beforeSeq === undefined ? {} : { seq: { lt: beforeSeq } }) },
    orderBy: { seq: 'desc' },
    take: limit,
    select: auditColumns,
  })
  return rows.map(({ seq, ...row }) => Object.assign(row, { seq: Number(seq) }))
}

/** The seq of the first row that is missing, edited or out of place; null when the chain is whole. */
export async function verifyAuditChain(db: Queryable, workspaceId: string): Promise<number | null> {
  const workspace = await db.client.workspace.findUniqueOrThrow({
    where: { id: workspaceId },
    select: { lastAuditSeq: true, lastAuditHash: true },
  })
  let expected: ChainHead = { seq: 1n, previousHash: null }
  while (expected.seq <= workspace.lastAuditSeq) {
    const rows = await db.client.auditEntry.findMany({
      where: { workspaceId, seq: { gte: expected.seq, lte: workspace.lastAuditSeq } },
      orderBy: { seq: 'asc' },
      take: 1000,
    })
    if (rows.length === 0) return Number(expected.seq)
    for (const row of rows) {
      if (row.seq !== expected.seq || !equalBytes(row.previousHash, expected.previousHash)) {
        return Number(expected.seq)
      }
      if (!equalBytes(row.hash, hashEntry(row))) return Number(row.seq)
      expected = { seq: row.seq + 1n, previousHash: row.hash }
    }
  }
  return equalBytes(expected.previousHash, workspace.lastAuditHash) ? null : Number(workspace.lastAuditSeq)
}

interface HashedEntry extends Omit<AuditInput, 'details'>, ChainHead {
  readonly id: string
  readonly createdAt: Date
  readonly details: unknown
}

function hashEntry(entry: HashedEntry): Uint8Array<ArrayBuffer> {
  const text = canonicalJson([
    entry.previousHash === null ? null : Buffer.from(entry.previousHash).toString('hex'),
    entry.workspaceId,
    entry.seq.toString(),
    entry.id,
    entry.createdAt.toISOString(),
    entry.actorKind,
    entry.actorId,
    entry.action,
    entry.subjectId,
    entry.details,
    entry.ipAddress,
  ])
  return createHash('sha256').update(text).digest()
}

/** JSON with sorted keys: jsonb keeps values, not the order of keys. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

function equalBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b
  return Buffer.compare(a, b) === 0
}
