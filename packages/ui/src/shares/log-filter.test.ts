import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSoundFilter, readFilter } from './log-filter.ts'

describe('readFilter', () => {
  it.each([
    ['', {}],
    ['status:4xx', { status: ['4xx'] }],
    ['denied  path:/api/* method:post', { denied: true, path: '/api/*', method: ['POST'] }],
    ['ip:10.0.0.0/8', { ip: '10.0.0.0/8' }],
    ['ip:2001:db8::/32', { ip: '2001:db8::/32' }],
  ])('%s', (text, filter) => {
    expect(readFilter(text)).toEqual(filter)
    expect(isSoundFilter(text)).toBe(true)
  })

  it.each(['status:9', 'colour:red', 'path:api', 'hello', 'toString:1', '__proto__:/x'])(
    'does not know %s',
    (text) => {
      expect(readFilter(text)).toEqual({})
      expect(isSoundFilter(text)).toBe(false)
    },
  )

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(Object.keys(readFilter(text)).length).toBeLessThanOrEqual(5)
      }),
    )
  })
})
