import { slideSession } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { Credential, KeyCredential, SessionCredential } from './credential.ts'
import type { CredentialCache } from './credential-cache.ts'
import { isAddressAllowed } from './is-address-allowed.ts'
import { noteKeyUse } from './note-key-use.ts'
import { readCredentials, type PresentedCredentials, type RequestHeaders } from './read-credentials.ts'
import { sessionEnd } from './session-lifetime.ts'
import { hashToken } from './tokens.ts'

const touchEveryMs = 60_000

export interface CredentialRequest {
  readonly headers: RequestHeaders
  /** As the hub trusts it, not as a header claims it. */
  readonly ipAddress: string
  readonly nowMs: number
  /** Throws (`auth.cross_site`) where this request must not use a cookie that came along with it. */
  checkCookieUse(): void
  /** Told when a cookie's session got a later end, which the browser has to be told too. */
  renewCookie?(token: string, endsAt: Date): void
}

/** `resolveCredential` for one request, asked as often as needed and answered once. */
export function createAuthenticator(
  known: CredentialCache,
  request: CredentialRequest,
): () => Promise<Credential | null> {
  let answer: Promise<Credential | null> | null = null
  return () => {
    answer ??= resolveCredential(known, request)
    return answer
  }
}

/**
 * Who sent the request: null where it presents nothing. Everything that it presents must be valid, and a key
 * and a session must belong to one workspace; then the session counts, which may do all that a key may.
 * Throws `auth.invalid`, `auth.ambiguous`, `auth.ip_not_allowed`, and what `checkCookieUse` throws.
 */
export async function resolveCredential(
  known: CredentialCache,
  request: CredentialRequest,
): Promise<Credential | null> {
  const presented = readCredentials(request.headers)
  const key = await resolveApiKey(known, presented, request)
  const session = await resolveSession(known, presented, request)
  if (key !== null && session !== null && key.workspaceId !== session.workspaceId) {
    throw new AppError('auth.ambiguous')
  }
  return session ?? key
}

async function resolveApiKey(
  known: CredentialCache,
  { apiKey }: PresentedCredentials,
  request: CredentialRequest,
): Promise<KeyCredential | null> {
  if (apiKey === null) return null
  const row = await known.findApiKey(apiKey)
  if (row === null) throw new AppError('auth.invalid')
  if (!isAddressAllowed(row.allowedIpRanges, request.ipAddress)) throw new AppError('auth.ip_not_allowed')
  if (noteKeyUse(known.db, { apiKeyId: row.id, lastUsedAt: row.lastUsedAt, nowMs: request.nowMs })) {
    row.lastUsedAt = new Date(request.nowMs)
  }
  return { kind: 'api_key', id: row.id, workspaceId: row.workspaceId, userId: null }
}

async function resolveSession(
  known: CredentialCache,
  { session, isFromCookie }: PresentedCredentials,
  request: CredentialRequest,
): Promise<SessionCredential | null> {
  if (session === null) return null
  const holder = await known.findSession(session)
  if (holder === null) throw new AppError('auth.invalid')
  if (isFromCookie) request.checkCookieUse()
  const { id, workspaceId, userId, lastSeenAt, createdAt } = holder.session
  if (request.nowMs - lastSeenAt.getTime() >= touchEveryMs) {
    const expiresAt = sessionEnd(request.nowMs, createdAt.getTime())
    await slideSession(known.db, { id, expiresAt })
    holder.session.lastSeenAt = new Date(request.nowMs)
    if (isFromCookie) request.renewCookie?.(session, expiresAt)
  }
  return {
    kind: 'session',
    id,
    workspaceId,
    userId,
    userEmail: holder.user.email,
    tokenHash: hashToken(session),
  }
}
