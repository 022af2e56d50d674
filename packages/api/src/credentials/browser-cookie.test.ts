import { describe, expect, it } from 'vitest'
import { browserCookie, endedBrowserCookie, isBrowserOf } from './browser-cookie.ts'
import { hashToken, mintToken } from './tokens.ts'

const secure = 'https://hub.example.com'
const local = 'http://127.0.0.1:7300'

describe('the cookie of the browser that asks for a link', () => {
  const token = mintToken('browser')
  const isBrowser = (cookieHeader: string, hubOrigin: string, hash: Uint8Array | null = hashToken(token)) =>
    isBrowserOf(hash, { cookieHeader, hubOrigin })

  it('is out of reach of scripts, other sites and sister hosts', () => {
    expect(browserCookie(token, secure)).toBe(
      `__Host-sign-in=${token}; Path=/; Max-Age=900; HttpOnly; SameSite=Strict; Secure`,
    )
    expect(browserCookie(token, local)).toBe(
      `sign-in=${token}; Path=/; Max-Age=900; HttpOnly; SameSite=Strict`,
    )
    expect(endedBrowserCookie(secure)).toMatch(/^__Host-sign-in=; Path=\/; Max-Age=0;/)
  })

  it('proves the browser', () => {
    expect(isBrowser(`a=b; __Host-sign-in=${token}`, secure)).toBe(true)
    expect(isBrowser(`sign-in=${token}; session=x`, local)).toBe(true)
  })

  it.each([
    ['none', '', secure],
    ['that of another browser', `__Host-sign-in=${mintToken('browser')}`, secure],
    ['one without the prefix on https', `sign-in=${token}`, secure],
    ['two that differ', `__Host-sign-in=${mintToken('browser')}; __Host-sign-in=${token}`, secure],
    ['something else', '__Host-sign-in=x', secure],
  ])('proves nothing with %s', (_, header, origin) => {
    expect(isBrowser(header, origin)).toBe(false)
  })

  it('proves nothing for a link that no browser asked for', () => {
    expect(isBrowser(`__Host-sign-in=${token}`, secure, null)).toBe(false)
  })
})
