import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePathPattern, matchesPattern, type MatchedText } from './path-pattern.ts'

const matches = (path: string, pattern: string): boolean =>
  matchesPattern(path.slice(1).split('/'), compilePathPattern(pattern))

/** Says the same by trying everything; far too slow for use. */
function slowMatches(path: string, pattern: string): boolean {
  if (pattern.endsWith('/*') && slowGlob(path, `${pattern}*`, true)) return true
  return !pattern.endsWith('/*') && slowGlob(path, pattern, false)
}

function slowGlob(text: string, pattern: string, isOpen: boolean): boolean {
  if (isOpen && pattern === '**') return true
  if (pattern === '') return text === ''
  if (pattern.startsWith('*')) {
    const rest = slowGlob(text, pattern.slice(1), isOpen)
    return rest || (text !== '' && !text.startsWith('/') && slowGlob(text.slice(1), pattern, isOpen))
  }
  return text.startsWith(pattern.charAt(0)) && slowGlob(text.slice(1), pattern.slice(1), isOpen)
}

/** Counts how often it is looked at. */
class CountingText implements MatchedText {
  looks = 0
  readonly length: number
  readonly #text: string
  constructor(text: string) {
    this.#text = text
    this.length = text.length
  }
  charCodeAt(index: number): number {
    this.looks += 1
    return this.#text.charCodeAt(index)
  }
}

describe('a path pattern', () => {
  it.each([
    ['/api/*', '/api/', true],
    ['/api/*', '/api/a/b', true],
    ['/api/*', '/api', false],
    ['/api/*', '/apix/', false],
    ['/*', '/', true],
    ['/*', '/a/b', true],
    ['/', '/', true],
    ['/', '/a', false],
    ['/a/*/c', '/a/b/c', true],
    ['/a/*/c', '/a/b/x/c', false],
    ['/a/*.png', '/a/x.png', true],
    ['/a/*.png', '/a/.png', true],
    ['/a/*.png', '/a/x.png/y', false],
    ['/a*b*c', '/abc', true],
    ['/a*b*c', '/aXbYc', true],
    ['/a*b*c', '/acb', false],
    ['/ab*ba', '/aba', false],
    ['/*ab*ab*', '/ab', false],
    ['/*ab*ab*', '/abab', true],
    ['/health', '/health', true],
    ['/health', '/HEALTH', false],
    ['/.+', '/ab', false],
  ])('%s and %s: %s', (pattern, path, expected) => {
    expect(matches(path, pattern)).toBe(expected)
    expect(slowMatches(path, pattern)).toBe(expected)
  })

  it.each([
    '',
    'api/*',
    '**',
    '/a/../b',
    '/./a',
    '/a?x',
    '/a#',
    '/a\\b',
    '/%2e',
    '/a;b',
    `/${'a'.repeat(2_048)}`,
  ])('%j is none', (pattern) => {
    expect(() => compilePathPattern(pattern)).toThrow(RangeError)
  })

  it('agrees with the slow reference', () => {
    const path = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 12 }).map((text) => `/${text}`)
    const pattern = fc
      .string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 10 })
      .map((text) => `/${text.replace(/\*+$/, '*')}`)
    fc.assert(
      fc.property(path, pattern, (text, wanted) => {
        expect(matches(text, wanted)).toBe(slowMatches(text, wanted))
      }),
      { numRuns: 5_000 },
    )
  })

  it('looks at each character a bounded number of times, whatever the pattern (PATH-24)', () => {
    const segment = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 400 })
    const piece = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 200 })
    fc.assert(
      fc.property(segment, piece, (text, wanted) => {
        const counting = new CountingText(text)
        matchesPattern([counting], compilePathPattern(`/x${wanted}`.replace('/x', '/')))
        expect(counting.looks).toBeLessThanOrEqual(3 * text.length + 1)
      }),
      { numRuns: 2_000 },
    )
    const evil = new CountingText('a'.repeat(8_192))
    expect(matchesPattern([evil], compilePathPattern(`/${'*a'.repeat(64)}*b`))).toBe(false)
    expect(evil.looks).toBeLessThanOrEqual(3 * 8_192)
    const worse = new CountingText('a'.repeat(8_192))
    expect(matchesPattern([worse], compilePathPattern(`/*${'a'.repeat(1_000)}b*c*`))).toBe(false)
    expect(worse.looks).toBeLessThanOrEqual(3 * 8_192)
  })
})
