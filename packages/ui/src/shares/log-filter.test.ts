import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasWord, isSoundFilter, readFilter, toggleWord, writeQuery } from './log-filter.ts'

describe('readFilter', () => {
  it.each([
    ['', {}],
    ['status:4xx', { status: ['4xx'] }],
    ['status:4xx status:500 method:get method:POST', { status: ['4xx', '500'], method: ['GET', 'POST'] }],
    ['refused  path:/api/* method:post', { denied: true, path: '/api/*', method: ['POST'] }],
    ['passed path:*.png', { denied: false, path: '*.png' }],
    ['ip:10.0.0.0/8', { ip: '10.0.0.0/8' }],
    ['ip:2001:db8::/32', { ip: '2001:db8::/32' }],
    ['visitor:visitor_5f3uq2', { visitor: 'visitor_5f3uq2' }],
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
        expect(Object.keys(readFilter(text)).length).toBeLessThanOrEqual(6)
      }),
    )
  })
})

describe('toggleWord', () => {
  it('adds a word and takes it away again', () => {
    const text = toggleWord('path:/api', 'refused')
    expect([text, hasWord(text, 'refused')]).toEqual(['path:/api refused', true])
    expect(toggleWord(text, 'refused')).toBe('path:/api')
    expect(hasWord('refusedly', 'refused')).toBe(false)
  })

  it('leaves the others alone', () => {
    const word = fc.stringMatching(/^[a-z]{1,5}$/)
    fc.assert(
      fc.property(fc.uniqueArray(word), word, (words, toggled) => {
        const text = words.join(' ')
        const back = toggleWord(toggleWord(text, toggled), toggled)
        expect(new Set(back.split(' '))).toEqual(new Set(text.split(' ')))
      }),
    )
  })
})

describe('writeQuery', () => {
  it('says all of a filter', () => {
    expect(writeQuery(readFilter('status:4xx status:500 path:/a&b refused'))).toBe(
      'status=4xx&status=500&path=%2Fa%26b&denied=true',
    )
    expect(writeQuery({})).toBe('')
  })
})
