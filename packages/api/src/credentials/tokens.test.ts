import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashToken, isToken, mintToken, prefixOfApiKey, previewShareToken, type TokenKind } from './tokens.ts'

const formats: [TokenKind, RegExp][] = [
  ['share', /^share_tok_[a-z2-7]{26}$/],
  ['apiKey', /^pc_live_[a-z2-7]{26}$/],
  ['agent', /^agent_tok_[a-z2-7]{32}$/],
  ['session', /^sess_[a-z2-7]{32}$/],
  ['magicLink', /^magic_tok_[a-z2-7]{32}$/],
]

describe('mintToken', () => {
  it.each(formats)('%s has its format, and only it', (kind, format) => {
    const token = mintToken(kind)
    expect(token).toMatch(format)
    expect(formats.filter(([other]) => isToken(other, token)).map(([other]) => other)).toEqual([kind])
  })

  // Guarantee (TOK-01): no duplicates, and all of the alphabet equally often.
  it('repeats none in 200,000 and uses every character alike', () => {
    const seen = new Set<string>()
    const counts = new Map<string, number>()
    for (let index = 0; index < 200_000; index += 1) {
      const token = mintToken('share')
      seen.add(token)
      const character = token.charAt(10 + (index % 26))
      counts.set(character, (counts.get(character) ?? 0) + 1)
    }
    expect(seen.size).toBe(200_000)
    expect(counts.size).toBe(32)
    // 6,250 expected each; five standard deviations are about 390.
    for (const count of counts.values()) expect(Math.abs(count - 6250)).toBeLessThan(600)
  })
})

describe('isToken', () => {
  it('takes no other text', () => {
    const token = mintToken('share')
    const others = [
      ` ${token}`,
      `${token} `,
      token.toUpperCase(),
      token.slice(1),
      `${token}a`,
      `${token}\n`,
      '',
      'share_tok_',
    ]
    expect(others.filter((text) => isToken('share', text))).toEqual([])
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !isToken('apiKey', text)))
  })
})

describe('what is kept of a token', () => {
  it('is its SHA-256 and a documented beginning', () => {
    expect(hashToken('abc')).toEqual(createHash('sha256').update('abc').digest())
    expect(previewShareToken('share_tok_1234567890abcdefghijklmnop')).toBe('share_tok_123...')
    expect(prefixOfApiKey('pc_live_1234567890abcdefghijklmnop')).toBe('pc_live_1234')
  })
})
