const dayMs = 86_400_000
const idleDays = 30
const absoluteDays = 90

/** When a session that is used now ends: after 30 idle days, and 90 days after sign-in whatever its use. */
export function sessionEnd(nowMs: number, createdAtMs: number): Date {
  return new Date(Math.min(nowMs + idleDays * dayMs, createdAtMs + absoluteDays * dayMs))
}

/**
 * `Set-Cookie` for a session (SPEC §4), `Secure` where the hub is on https; it lives as long as the session does when
 * it is not used again. Without Domain: no share's host gets it.
 */
export function sessionCookie(
  token: string,
  hubOrigin: string,
  maxAgeSeconds = (idleDays * dayMs) / 1000,
): string {
  return serializeCookie(token, { hubOrigin, maxAgeSeconds })
}

/** `Set-Cookie` that removes it. */
export function endedSessionCookie(hubOrigin: string): string {
  return serializeCookie('', { hubOrigin, maxAgeSeconds: 0 })
}

interface CookieOptions {
  readonly hubOrigin: string
  readonly maxAgeSeconds: number
}

function serializeCookie(value: string, { hubOrigin, maxAgeSeconds }: CookieOptions): string {
  const secure = hubOrigin.startsWith('https:') ? '; Secure' : ''
  return `session=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`
}
