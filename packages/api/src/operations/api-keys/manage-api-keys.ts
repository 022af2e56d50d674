import {
  getApiKey as findApiKey,
  inTransaction,
  listApiKeys as findApiKeys,
  revokeApiKey as endApiKey,
  type ApiKeyRow,
} from '@private-connect/db'
import type { SessionContext } from '../../context.ts'
import type { ApiKey, ApiKeyDetails } from '../../contracts/index.ts'
import { readPage, type PageRequest } from '../read-page.ts'
import { recordAction } from '../record-action.ts'
import { issueApiKey } from './issue-api-key.ts'
import { isoTimeOf } from '../iso-time.ts'

/** A new key for the workspace, shown this once. */
export async function createApiKey(ctx: SessionContext, input: { readonly name: string }) {
  const { workspaceId, userId } = ctx.credential
  const { row, key } = await inTransaction(ctx.db, async (tx) => {
    const issued = await issueApiKey(tx, { workspaceId, name: input.name, createdByUserId: userId })
    await recordAction(tx, ctx, {
      action: 'api_key.created',
      subjectId: issued.row.id,
      details: { name: issued.row.name, prefix: issued.row.prefix },
    })
    return issued
  })
  return { id: row.id, name: row.name, key, prefix: row.prefix, createdAt: row.createdAt.toISOString() }
}

/** The workspace's keys, revoked ones too, newest first. */
export async function listApiKeys(ctx: SessionContext, input: PageRequest) {
  const { workspaceId } = ctx.credential
  return readPage(input, {
    list: `api-keys:${workspaceId}`,
    fetch: (page) => findApiKeys(ctx.db, { workspaceId, ...page }),
    position: (row) => row.id,
    present: presentApiKey,
  })
}

/** Throws `api_key.not_found`. */
export async function getApiKey(ctx: SessionContext, input: { readonly id: string }): Promise<ApiKeyDetails> {
  const { workspaceId } = ctx.credential
  return presentApiKeyDetails(await findApiKey(ctx.db, { workspaceId, apiKeyId: input.id }))
}

/** Ends a key with the commit; ending it again changes nothing. Throws `api_key.not_found`. */
export async function revokeApiKey(ctx: SessionContext, input: { readonly id: string }) {
  const { workspaceId } = ctx.credential
  await inTransaction(ctx.db, async (tx) => {
    await endApiKey(tx, { workspaceId, apiKeyId: input.id })
    await recordAction(tx, ctx, { action: 'api_key.revoked', subjectId: input.id })
  })
  ctx.ports.credentialsChanged(workspaceId)
  return { success: true as const }
}

export function presentApiKeyDetails(row: ApiKeyRow): ApiKeyDetails {
  return { ...presentApiKey(row), allowedIpRanges: row.allowedIpRanges }
}

function presentApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    lastUsedAt: isoTimeOf(row.lastUsedAt),
    createdAt: row.createdAt.toISOString(),
    isActive: row.revokedAt === null,
  }
}
