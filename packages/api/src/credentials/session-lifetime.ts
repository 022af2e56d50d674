const dayMs = 86_400_000
const idleDays = 30
const absoluteDays = 90

/** When a session that is used now ends: after 30 idle days, and 90 days after sign-in whatever its use. */
export function sessionEnd(nowMs: number, createdAtMs: number): Date {
  return new Date(Math.min(nowMs + idleDays * dayMs, createdAtMs + absoluteDays * dayMs))
}

export interface CookieOptions {
  /** Whether the hub is reached over https. */
  readonly isSecure: boolean
}

/** `Set-Cookie` for a new session (SPEC §4). Without Domain, so that no share's host ever gets it. */
export function sessionCookie(token: string, { isSecure }: CookieOptions): string {
  return serializeCookie(token, { isSecure, maxAgeSeconds: (idleDays * dayMs) / 1000 })
}

/** `Set-Cookie` that removes it. */
export function endedSessionCookie({ isSecure }: CookieOptions): string {
  return serializeCookie('', { isSecure, maxAgeSeconds: 0 })
}

function serializeCookie(value: string, options: CookieOptions & { readonly maxAgeSeconds: number }): string {
  const secure = options.isSecure ? '; Secure' : ''
  return `session=${value}; Path=/; Max-Age=${options.maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`
}
