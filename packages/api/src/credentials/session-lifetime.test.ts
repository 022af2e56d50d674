import { describe, expect, it } from 'vitest'
import { endedSessionCookies, sessionCookies, sessionEnd } from './session-lifetime.ts'

const dayMs = 86_400_000

describe('sessionEnd', () => {
  it('slides by 30 days and stops 90 days after sign-in (AUTH-17)', () => {
    expect(sessionEnd(0, 0).getTime()).toBe(30 * dayMs)
    expect(sessionEnd(50 * dayMs, 0).getTime()).toBe(80 * dayMs)
    expect(sessionEnd(89 * dayMs, 0).getTime()).toBe(90 * dayMs)
  })
})

describe('the cookies', () => {
  it('are HttpOnly, SameSite=Lax, host-only, 30 days, and on https Secure and once more where no other host can set them', () => {
    const rest = '=sess_x; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax'
    expect(sessionCookies('sess_x', 'http://localhost:7300')).toEqual([`session${rest}`])
    expect(sessionCookies('sess_x', 'https://hub.example.com')).toEqual([
      `session${rest}; Secure`,
      `__Host-session${rest}; Secure`,
    ])
    expect(endedSessionCookies('https://hub.example.com')).toEqual([
      'session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
      '__Host-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
    ])
  })
})
