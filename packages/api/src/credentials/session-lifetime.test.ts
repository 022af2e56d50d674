import { describe, expect, it } from 'vitest'
import { endedSessionCookie, sessionCookie, sessionEnd } from './session-lifetime.ts'

const dayMs = 86_400_000

describe('sessionEnd', () => {
  it('slides by 30 days and stops 90 days after sign-in (AUTH-17)', () => {
    expect(sessionEnd(0, 0).getTime()).toBe(30 * dayMs)
    expect(sessionEnd(50 * dayMs, 0).getTime()).toBe(80 * dayMs)
    expect(sessionEnd(89 * dayMs, 0).getTime()).toBe(90 * dayMs)
  })
})

describe('the cookie', () => {
  it('is HttpOnly, SameSite=Lax, host-only, 30 days, and Secure on https', () => {
    expect(sessionCookie('sess_x', 'http://localhost:7300')).toBe(
      'session=sess_x; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax',
    )
    expect(sessionCookie('sess_x', 'https://hub.example.com')).toMatch(/; Secure$/)
    expect(endedSessionCookie('https://hub.example.com')).toBe(
      'session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
    )
  })
})
