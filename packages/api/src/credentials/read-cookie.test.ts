import { describe, expect, it } from 'vitest'
import { readCookieValues } from './read-cookie.ts'

describe('readCookieValues', () => {
  it.each([
    ['a=1; b=2', 'a', ['1']],
    ['a=1;a=2', 'a', ['1', '2']],
    ['a=1; a=1', 'a', ['1']],
    ['a=b=c', 'a', ['b=c']],
    ['xa=1; ax=2', 'a', []],
    ['a', 'a', ['']],
    ['', 'a', []],
  ])('of %j for %s', (header, name, values) => {
    expect(readCookieValues(header, name)).toEqual(values)
  })
})
