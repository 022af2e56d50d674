import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explainPattern } from './explain-pattern.ts'

describe('explainPattern', () => {
  it.each([
    ['/api/*', ['/api/', '/api/abc', '/api/a/b'], ['/api', '/apix/abc']],
    ['/*', ['/', '/abc', '/a/b'], []],
    ['/health', ['/health', '/health?any=query'], ['/health/']],
    ['/a/*/c', ['/a/abc/c', '/a/abc/c?any=query'], ['/a/abc/c/']],
  ])('%s', (pattern, passes, refused) => {
    expect(explainPattern(pattern)).toEqual({ pattern, fault: null, passes, refused })
  })

  it('says why a pattern is refused', () => {
    expect(explainPattern('api').fault).toBe('must begin with /')
  })

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { fault, passes } = explainPattern(text)
        expect(fault === null).toBe(passes.length > 0)
      }),
    )
  })
})
