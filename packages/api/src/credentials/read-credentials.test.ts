import { AppError } from '@private-connect/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCredentials, type PresentedCredentials, type RequestHeaders } from './read-credentials.ts'
import { mintToken } from './tokens.ts'

const key = mintToken('apiKey')
const otherKey = mintToken('apiKey')
const session = mintToken('session')
const refused = expect.objectContaining({ code: 'auth.invalid' })

/** What was read, or null where it was refused as it should be. */
function attempt(headers: RequestHeaders): PresentedCredentials | null {
  try {
    return readCredentials(headers)
  } catch (error) {
    if (error instanceof AppError && error.code === 'auth.invalid') return null
    throw error
  }
}

describe('readCredentials', () => {
  it('finds nothing where nothing was sent, and never looks further', () => {
    const nothing = { apiKey: null, session: null, isFromCookie: false }
    expect(readCredentials({})).toEqual(nothing)
    expect(
      readCredentials({ 'x-session': session, 'api-key': key, cookie: 'theme=dark; sessions=1' }),
    ).toEqual(nothing)
  })

  it('reads a key from x-api-key or as Bearer, a session as Bearer or cookie', () => {
    expect(readCredentials({ 'x-api-key': key })).toEqual({ apiKey: key, session: null, isFromCookie: false })
    expect(readCredentials({ authorization: `bearer ${key}` }).apiKey).toBe(key)
    expect(readCredentials({ authorization: `Bearer ${session}` })).toEqual({
      apiKey: null,
      session,
      isFromCookie: false,
    })
    expect(readCredentials({ cookie: `a=b; session=${session}; c` })).toEqual({
      apiKey: null,
      session,
      isFromCookie: true,
    })
    expect(readCredentials({ 'x-api-key': [key, key], authorization: `Bearer ${key}` }).apiKey).toBe(key)
  })

  // Guarantee (KEY-05): exactly one key, in the right form.
  it.each([
    { 'x-api-key': `${key}, ${otherKey}` },
    { 'x-api-key': [key, otherKey] },
    { 'x-api-key': key, authorization: `Bearer ${otherKey}` },
    { 'x-api-key': ` ${key}` },
    { 'x-api-key': key.toUpperCase() },
    { 'x-api-key': '' },
    { authorization: key },
    { authorization: `Basic ${key}` },
    { authorization: 'Bearer ' },
    { authorization: `Bearer ${mintToken('agent')}` },
    { authorization: `Bearer ${key} ${key}` },
    { authorization: `Bearer ${session}`, cookie: `session=${mintToken('session')}` },
  ])('refuses %j', (headers) => {
    expect(() => readCredentials(headers)).toThrow(refused)
  })

  // Guarantee (AUTH-16): a second cookie of that name, which a sibling host can set, is never chosen from.
  it('refuses two different session cookies', () => {
    expect(() => readCredentials({ cookie: `session=${session}; session=${mintToken('session')}` })).toThrow(
      refused,
    )
    expect(() => readCredentials({ cookie: `session=x; session=${session}` })).toThrow(refused)
    expect(readCredentials({ cookie: `session=${session}; session=${session}` }).session).toBe(session)
  })

  it('does not take another app’s session cookie for a credential: cookies do not know ports', () => {
    expect(readCredentials({ cookie: 'session=eyJhbGciOiJIUzI1NiJ9.e30.x', 'x-api-key': key })).toEqual({
      apiKey: key,
      session: null,
      isFromCookie: false,
    })
  })

  it('either reads or refuses any headers', () => {
    const text = fc.option(fc.oneof(fc.string(), fc.constant(key), fc.constant(`Bearer ${session}`)), {
      nil: undefined,
    })
    fc.assert(
      fc.property(text, text, text, (apiKey, authorization, cookie) => {
        const read = attempt({ 'x-api-key': apiKey, authorization, cookie })
        expect([null, key]).toContain(read?.apiKey ?? null)
        expect([null, session]).toContain(read?.session ?? null)
      }),
    )
  })
})
