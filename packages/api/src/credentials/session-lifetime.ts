import { hostCookieName } from './host-cookie.ts'

const dayMs = 86_400_000
const idleDays = 30
const absoluteDays = 90

/** When a session that is used now ends: after 30 idle days, and 90 days after sign-in whatever its use. */
export function sessionEnd(nowMs: number, createdAtMs: number): Date {
  return new Date(Math.min(nowMs + idleDays * dayMs, createdAtMs + absoluteDays * dayMs))
}

/**
 * `Set-Cookie`s for a session (SPEC §4), `Secure` where the hub is on https, and there once more under the name that no
 * other host can set; they live as long as the session does when it is not used again. Without Domain: no share's host
 * gets them.
 */
export function sessionCookies(
  token: string,
  hubOrigin: string,
  maxAgeSeconds = (idleDays * dayMs) / 1000,
): readonly string[] {
  return serializeCookies(token, { hubOrigin, maxAgeSeconds })
}

/** `Set-Cookie`s that remove them. */
export function endedSessionCookies(hubOrigin: string): readonly string[] {
  return serializeCookies('', { hubOrigin, maxAgeSeconds: 0 })
}

interface CookieOptions {
  readonly hubOrigin: string
  readonly maxAgeSeconds: number
}

function serializeCookies(value: string, { hubOrigin, maxAgeSeconds }: CookieOptions): readonly string[] {
  const rest = `=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax`
  if (!hubOrigin.startsWith('https:')) return [`session${rest}`]
  return [`session${rest}; Secure`, `${hostCookieName}${rest}; Secure`]
}
