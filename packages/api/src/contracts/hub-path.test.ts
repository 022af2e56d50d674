import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hubPath } from './hub-path.ts'

// Guarantee (AUTH-18): a redirect after the sign-in never leaves the hub.
describe('hubPath', () => {
  it.each(['/', '/device', '/device?code=ABCD-EFGH', '/a/b.c?d=e%20f&g=~'])('takes %j', (path) => {
    expect(hubPath.parse(path)).toBe(path)
  })

  it.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https:evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'evil.example',
    '',
    '/\tevil',
    '/a\r\nset-cookie: x',
    '/a#b',
    ' /a',
    '/ü',
    `/${'a'.repeat(512)}`,
  ])('refuses %j', (path) => {
    expect(hubPath.safeParse(path).success).toBe(false)
  })

  it('stays on the hub for every text that it takes', () => {
    const text = fc
      .array(fc.constantFrom(...'/\\.@:?#%2fa \t\n'), { maxLength: 12 })
      .map((all) => all.join(''))
    fc.assert(
      fc.property(text, (path) => {
        if (!hubPath.safeParse(path).success) return
        expect(new URL(path, 'https://hub.example.com').origin).toBe('https://hub.example.com')
      }),
      { numRuns: 5000 },
    )
  })
})
