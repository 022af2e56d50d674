import { findSessionByHash, getApiKey, type Queryable } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { Credential } from './credential.ts'
import { isAddressAllowed } from './is-address-allowed.ts'

/** Whether a credential that a request began with still counts, asked of the database: for answers that take long. */
export async function isCredentialLive(
  { db, ipAddress }: { readonly db: Queryable; readonly ipAddress: string },
  credential: Credential,
): Promise<boolean> {
  if (credential.kind === 'session') return (await findSessionByHash(db, credential.tokenHash)) !== null
  try {
    const key = await getApiKey(db, { workspaceId: credential.workspaceId, apiKeyId: credential.id })
    return key.revokedAt === null && isAddressAllowed(key.allowedIpRanges, ipAddress)
  } catch (error) {
    if (error instanceof AppError && error.code === 'api_key.not_found') return false
    throw error
  }
}
