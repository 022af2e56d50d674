import { listAuditEntries, verifyAuditChain, type AuditRow } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import type { AuditEntry } from '../../contracts/index.ts'
import { readPage, type Page, type PageRequest } from '../read-page.ts'

/** The workspace's administrative actions, newest first. */
export async function listAudit(ctx: AuthenticatedContext, input: PageRequest): Promise<Page<AuditEntry>> {
  const { workspaceId } = ctx.credential
  return readPage(input, {
    list: `audit:${workspaceId}`,
    fetch: ({ limit, cursor }) =>
      listAuditEntries(ctx.db, {
        workspaceId,
        limit,
        ...(cursor === undefined ? {} : { beforeSeq: Number(cursor) }),
      }),
    position: ({ seq }) => String(seq),
    present: presentEntry,
  })
}

/** Reads the whole chain again and tells where it breaks first, if it does (LOG-05). */
export async function verifyAudit(ctx: AuthenticatedContext) {
  const firstBrokenSeq = await verifyAuditChain(ctx.db, ctx.credential.workspaceId)
  return { isIntact: firstBrokenSeq === null, firstBrokenSeq }
}

function presentEntry({ previousHash, hash, createdAt, details, ...row }: AuditRow): AuditEntry {
  return {
    ...row,
    details: details as AuditEntry['details'],
    createdAt: createdAt.toISOString(),
    previousHash: previousHash === null ? null : toHex(previousHash),
    hash: toHex(hash),
  }
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
