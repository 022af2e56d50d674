import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allowedPaths, describePatternFault } from './index.ts'

describe('describePatternFault', () => {
  it.each([
    '/',
    '/*',
    '/api/*',
    '/health',
    '/a/*/c',
    '/a*b',
    '/café/*',
    '/名前/☃',
    '/a b',
    "/:x/@/~u/!$&'()+,=",
    '/.well-known/*',
    '/...',
    `/${'*a'.repeat(64)}`,
  ])('takes %s', (pattern) => {
    expect(describePatternFault(pattern)).toBeNull()
  })

  it.each([
    'api/*',
    '/a/../b',
    '/..',
    '/./a',
    '/a/.',
    '/%2e',
    '/%2E%2e/x',
    '/a%2fb',
    '/a%5Cb',
    '/%00',
    '/%7f',
    '/%41',
    '/%7e',
    '/a?x',
    '/a#',
    '**',
    '/a/**',
    '',
    'http://x/',
    '*',
    '/a\tb',
    '/a\0',
    '/\ud800',
    '/a\u0085',
    '/caf%C3%A9',
    '/a\\b',
    '/a;b',
    '//a',
    '/a//b',
    '/%',
    '/%zz',
    '/%c3',
    '/%c0%ae',
    `/${'a'.repeat(2048)}`,
  ])('refuses %j with a sentence', (pattern) => {
    expect(describePatternFault(pattern)).toMatch(/^(must|has) .+/)
  })

  it('gives every text a verdict, and never takes what no canonical path can equal', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.webPath()), (text) => {
        const fault = describePatternFault(text)
        if (fault !== null) return
        expect(text).toMatch(/^\//)
        expect(text).not.toMatch(/[?#;\\%\p{Cc}\p{Cs}]|\/\/|\*\*/u)
        expect(text.split('/').some((segment) => segment === '.' || segment === '..')).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })

  it('takes every pattern that is built from canonical segments', () => {
    const segment = fc
      .array(fc.constantFrom('a', 'Z', '9', '-', '_', '~', '.x', '*y', ' ', 'é', '@', ':'), {
        minLength: 1,
      })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 8 }), fc.boolean(), (segments, isTree) => {
        const pattern = `/${segments.join('/')}${isTree ? '/*' : ''}`
        expect(describePatternFault(pattern)).toBeNull()
      }),
    )
  })
})

// Guarantee (PATH-23): a bad pattern is refused by name, and an empty list is never "allow all".
describe('allowedPaths', () => {
  const messageOf = (value: unknown): string => allowedPaths.safeParse(value).error?.issues[0]?.message ?? ''

  it('names the bad pattern, shortened', () => {
    expect(messageOf(['/ok', 'api/*'])).toBe('The pattern "api/*" must begin with /')
    expect(messageOf([`x${'a'.repeat(3000)}`])).toHaveLength(113)
  })

  it('says where in the list it is', () => {
    expect(allowedPaths.safeParse(['/ok', '/a?x']).error?.issues[0]?.path).toEqual([1])
  })

  it('refuses an empty list, more than 100 patterns and what is no text', () => {
    expect(messageOf([])).toMatch(/^Must name at least one path/)
    expect(messageOf(Array.from({ length: 101 }, () => '/a'))).toBe('Must have at most 100 patterns')
    expect(messageOf([7])).toBe('Must be a string such as "/api/*"')
    expect(allowedPaths.safeParse('/api/*').success).toBe(false)
  })
})
