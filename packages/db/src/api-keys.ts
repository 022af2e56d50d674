import { AppError } from '@private-connect/errors'
import { inTransaction, type Queryable } from './create-db.ts'
import type { Prisma } from './generated/client.ts'
import { newId } from './new-id.ts'
import { pageFilter, type Page } from './page.ts'
import { readRows } from './read-rows.ts'
import { appendRevocation } from './revocations.ts'
import type { TokenHash } from './token-hash.ts'

const apiKeyColumns = {
  id: true,
  workspaceId: true,
  name: true,
  prefix: true,
  allowedIpRanges: true,
  lastUsedAt: true,
  revokedAt: true,
  createdAt: true,
} satisfies Prisma.ApiKeySelect
export type ApiKeyRow = Prisma.ApiKeyGetPayload<{ select: typeof apiKeyColumns }>

export interface NewApiKey {
  readonly workspaceId: string
  readonly createdByUserId: string | null
  readonly name: string
  readonly keyHash: TokenHash
  /** The first 12 characters of the key. */
  readonly prefix: string
}

/** Names a key in its workspace. */
export interface ApiKeyRef {
  readonly workspaceId: string
  readonly apiKeyId: string
}

export async function createApiKey(db: Queryable, input: NewApiKey): Promise<ApiKeyRow> {
  return db.client.apiKey.create({ data: { ...input, id: newId('key') }, select: apiKeyColumns })
}

/** Revoked keys too, newest first. */
export async function listApiKeys(
  db: Queryable,
  input: Page & { readonly workspaceId: string },
): Promise<ApiKeyRow[]> {
  return db.client.apiKey.findMany({
    where: { workspaceId: input.workspaceId, ...pageFilter(input) },
    orderBy: { id: 'desc' },
    take: input.limit,
    select: apiKeyColumns,
  })
}

/** Throws `api_key.not_found`. */
export async function getApiKey(db: Queryable, ref: ApiKeyRef): Promise<ApiKeyRow> {
  const row = await db.client.apiKey.findFirst({
    where: { id: ref.apiKeyId, workspaceId: ref.workspaceId },
    select: apiKeyColumns,
  })
  if (row === null) throw new AppError('api_key.not_found')
  return row
}

interface FlatKey extends ApiKeyRow {
  readonly workspaceName: string
}

/**
 * The key of a request: null when unknown, revoked or its workspace is gone. One prepared
 * statement: it runs before nearly every request with a key, and Prisma's three were half of what such a read cost.
 */
export async function findApiKeyByHash(
  db: Queryable,
  keyHash: TokenHash,
): Promise<(ApiKeyRow & { workspace: { id: string; name: string } }) | null> {
  const [found] = await readRows<FlatKey>(db, liveKeyByHash, [keyHash])
  if (found === undefined) return null
  const { workspaceName, ...key } = found
  return { ...key, workspace: { id: key.workspaceId, name: workspaceName } }
}

const liveKeyByHash = {
  name: 'live key by hash',
  text: `
    SELECT k.id, k.workspace_id AS "workspaceId", k.name, k.prefix, k.allowed_ip_ranges AS "allowedIpRanges",
      k.last_used_at AS "lastUsedAt", k.revoked_at AS "revokedAt", k.created_at AS "createdAt",
      w.name AS "workspaceName"
    FROM api_keys k JOIN workspaces w ON w.id = k.workspace_id AND w.deleted_at IS NULL
    WHERE k.key_hash = $1 AND k.revoked_at IS NULL`,
}

/** Notes the use; written at most once a minute. */
export async function touchApiKey(db: Queryable, apiKeyId: string): Promise<void> {
  await db.client.$executeRaw`
    UPDATE api_keys SET last_used_at = now()
    WHERE id = ${apiKeyId} AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`
}

/** Throws `api_key.not_found`. */
export async function setApiKeyIpRanges(
  db: Queryable,
  input: ApiKeyRef & { readonly allowedIpRanges: readonly string[] },
): Promise<ApiKeyRow> {
  return inTransaction(db, async (tx) => {
    await tx.client.apiKey.updateMany({
      where: { id: input.apiKeyId, workspaceId: input.workspaceId },
      data: { allowedIpRanges: [...input.allowedIpRanges] },
    })
    return getApiKey(tx, input)
  })
}

/** Revoking twice keeps the first time. Throws `api_key.not_found`. */
export async function revokeApiKey(db: Queryable, ref: ApiKeyRef): Promise<ApiKeyRow> {
  return inTransaction(db, async (tx) => {
    const { count } = await tx.client.apiKey.updateMany({
      where: { id: ref.apiKeyId, workspaceId: ref.workspaceId, revokedAt: null },
      data: { revokedAt: new Date() },
    })
    if (count > 0) {
      await appendRevocation(tx, { workspaceId: ref.workspaceId, kind: 'api_key', subjectId: ref.apiKeyId })
    }
    return getApiKey(tx, ref)
  })
}
