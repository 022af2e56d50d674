import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskUrl } from './logging.ts'

// Guarantee (TOK-08, LOG-02): URLs in the log carry neither a share token nor a query string.
describe('maskUrl', () => {
  it.each([
    ['/v1/shared/share_tok_abcdefghijklmnopqrstuvwxyz/info', '/v1/shared/share_tok_abc.../info'],
    ['/v1/auth/verify?token=secret', '/v1/auth/verify'],
    ['/x/share-tok-abcdefghijklmnopqrstuvwxyz', '/x/share-tok-abc...'],
    ['', ''],
  ])('%s', (url, masked) => {
    expect(maskUrl(url)).toBe(masked)
  })

  it('leaves no token in any surroundings', () => {
    const token = fc.string({
      unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567'),
      minLength: 26,
      maxLength: 26,
    })
    fc.assert(
      fc.property(token, fc.string(), fc.string(), (secret, before, after) => {
        expect(maskUrl(`${before}share_tok_${secret}${after}`)).not.toContain(secret)
      }),
    )
  })
})
