import { createApiKey, type ApiKeyRow, type Queryable } from '@private-connect/db'
import { hashToken, mintToken, prefixOfApiKey } from '../../credentials/tokens.ts'

export interface NewApiKey {
  readonly workspaceId: string
  readonly name: string
  /** Null when the hub itself makes it, at its terminal. */
  readonly createdByUserId: string | null
}

/** Makes a key and stores its hash; `key` is the only copy of the key itself. */
export async function issueApiKey(
  db: Queryable,
  input: NewApiKey,
): Promise<{ readonly row: ApiKeyRow; readonly key: string }> {
  const key = mintToken('apiKey')
  const row = await createApiKey(db, { ...input, keyHash: hashToken(key), prefix: prefixOfApiKey(key) })
  return { row, key }
}
