import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isShareToken, labelOfToken, maskTokens, tokenOfLabel } from './share-token.ts'

const secret = 'abcdefghijklmnopqrstuvwxyz'
const secrets = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567'),
  minLength: 26,
  maxLength: 26,
})

// A token is of one form only, so that no other spelling opens a share, and never stands whole in a log.
it('a token and its label stand for each other', () => {
  fc.assert(
    fc.property(secrets, (text) => {
      const token = `share_tok_${text}`
      expect(isShareToken(token)).toBe(true)
      expect(tokenOfLabel(labelOfToken(token))).toBe(token)
      expect(labelOfToken(token)).toMatch(/^[a-z0-9-]{1,63}$/)
    }),
  )
})

it.each([
  '',
  'share_tok_',
  `share_tok_${secret.slice(1)}`,
  `share_tok_${secret}a`,
  `share_tok_${secret.toUpperCase()}`,
  `SHARE_TOK_${secret}`,
  `share-tok-${secret}`,
  `share_tok_1${secret.slice(1)}`,
  ` share_tok_${secret}`,
  `share_tok_${secret.slice(1)}\n`,
])('%j is no token', (text) => {
  expect(isShareToken(text)).toBe(false)
})

it.each([
  [`share-tok-${secret}`, `share_tok_${secret}`],
  [`share_tok_${secret}`, `share_tok_${secret}`],
  [`share-tok_${secret}`, null],
  [`share-tok-${secret}.x`, null],
  [`x-share-tok-${secret}`, null],
  [`share-tok-${secret.toUpperCase()}`, null],
  ['', null],
])('the label %s stands for %s', (label, token) => {
  expect(tokenOfLabel(label)).toBe(token)
})

it('masks every token in a text, in any case and either form', () => {
  const text = `a share_tok_${secret} b SHARE-TOK-${secret.toUpperCase()}.example c share_tok_short`
  expect(maskTokens(text)).toBe('a share_tok_abc... b share_tok_ABC....example c share_tok_short')
  fc.assert(
    fc.property(fc.string(), secrets, fc.string(), (before, token, after) => {
      expect(maskTokens(`${before}share_tok_${token}${after}`)).not.toContain(token)
    }),
  )
})
