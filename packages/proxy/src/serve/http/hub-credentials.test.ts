import { describe, expect, it } from 'vitest'
import { dropCredentials, keepOtherCookies, maskCredentials, mayHoldCredential } from './hub-credentials.ts'

const kinds = ['sess', 'pc_live', 'agent_tok', 'browser_tok', 'magic_tok', 'device_tok', 'visitor_tok']

// A credential of the hub never reaches the shared app, nor a log, in whatever header it stands; the app's own pass.
describe.each(kinds)('%s_…', (kind) => {
  const credential = `${kind}_abc123`

  it.each([credential, `Bearer ${credential}`, `a="${credential.toUpperCase()}"`])(
    'is dropped: %s',
    (value) => {
      expect(dropCredentials(value)).toBeNull()
    },
  )

  it('goes out of the cookies, and the others stay', () => {
    expect(keepOtherCookies(`a=1; x=${credential}; session=2`)).toBe('a=1; session=2')
    expect(keepOtherCookies(`x=${credential}; a=1`)).toBe('a=1')
    expect(keepOtherCookies(`x=${credential}`)).toBeNull()
  })

  it('is masked wherever it stands', () => {
    expect(maskCredentials(`GET ${credential}, ${credential}!`)).toBe(`GET ${kind}_..., ${kind}_...!`)
  })
})

it.each(['', 'session=abc', 'Bearer eyJhbGciOi_x', 'xsess_abc', 'sess_', 'tok_abc'])(
  '%j is the app’s own',
  (value) => {
    expect(dropCredentials(value)).toBe(value)
    expect(keepOtherCookies(value)).toBe(value)
    expect(maskCredentials(value)).toBe(value)
  },
)

it('looks at headers of no known meaning too, and leaves cookies to their own rule', () => {
  expect(['authorization', 'x-api-key', 'referer', 'x-odd'].every(mayHoldCredential)).toBe(true)
  expect(['cookie', 'content-length', 'accept', 'accept-language'].some(mayHoldCredential)).toBe(false)
})
