import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultServiceName, listCandidateNames, sanitizeServiceName } from './service-name.ts'

const valid = /^[\w-]{1,100}$/

describe('service names', () => {
  it('are valid for any host name, text and port', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 1, max: 65_535 }),
        (text, port) => {
          expect(sanitizeServiceName(text)).toMatch(valid)
          const name = defaultServiceName(text, port)
          expect(name).toMatch(valid)
          expect(name.endsWith(`-${port}`)).toBe(true)
          for (const candidate of listCandidateNames(name, 'k3f9')) expect(candidate).toMatch(valid)
        },
      ),
    )
  })

  it.each([
    ['myhost', 'myhost-3000'],
    ['myhost.local', 'myhost-3000'],
    ["Ada's MacBook Pro", 'Ada-s-MacBook-Pro-3000'],
    ['büro', 'buro-3000'],
    ['工作站', 'app-3000'],
    ['', 'app-3000'],
  ])('of host %j are %s', (host, name) => {
    expect(defaultServiceName(host, 3000)).toBe(name)
  })

  it('have ten distinct candidates, also when the name is as long as it may be', () => {
    const names = listCandidateNames('n'.repeat(100), 'k3f9')
    expect(new Set(names).size).toBe(10)
    expect(names.every((name) => valid.test(name))).toBe(true)
  })
})
