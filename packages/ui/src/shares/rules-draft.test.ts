import { shareMethods } from '@private-connect/api/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draftOf, emptyRules, linesOf, toChangedRules, toRules } from './rules-draft.ts'

const draft = {
  paths: ' /api/*\n\n/health \n',
  methods: ['GET' as const],
  rate: '60',
  maskedColumns: 'users.email',
  allowWrites: true,
}

describe('a draft of rules', () => {
  it('restricts nothing where it is empty', () => {
    expect(toRules(emptyRules)).toEqual({})
    expect(toChangedRules(emptyRules)).toEqual({
      allowedPaths: null,
      allowedMethods: null,
      rateLimitPerMin: null,
      maskedColumns: [],
      allowWrites: false,
    })
  })

  it('says the same for a new share and for one that exists', () => {
    const rules = {
      allowedPaths: ['/api/*', '/health'],
      allowedMethods: ['GET'],
      rateLimitPerMin: 60,
      maskedColumns: ['users.email'],
      allowWrites: true,
    }
    expect([toRules(draft), toChangedRules(draft)]).toEqual([rules, rules])
  })

  it('of a share says what the share says', () => {
    const line = fc.string({ minLength: 1 }).filter((text) => linesOf(text).join('') === text)
    const some = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1 })
    const share = fc.record({
      allowedPaths: fc.option(some(line)),
      allowedMethods: fc.option(some(fc.constantFrom(...shareMethods))),
      rateLimitPerMin: fc.option(fc.integer({ min: 1, max: 1000 })),
      maskedColumns: fc.array(line),
      allowWrites: fc.boolean(),
    })
    fc.assert(
      fc.property(share, (rules) => {
        expect(toChangedRules(draftOf(rules))).toEqual(rules)
      }),
    )
  })
})
