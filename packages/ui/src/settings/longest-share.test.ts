import { expect, it } from 'vitest'
import { longestShareChoices, longestShareKey, toLongestShare } from './longest-share.ts'

it.each([null, 3600, 86_400, 12 * 86_400])(
  '%s seconds are among the choices, and are what is chosen',
  (seconds) => {
    const keys = longestShareChoices(seconds).map(([key]) => key)
    expect(keys).toContain(longestShareKey(seconds))
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys.map(toLongestShare)).toContain(seconds)
  },
)

it('tells a time that is not offered in days', () => {
  expect(longestShareChoices(12 * 86_400).at(-1)?.[1]).toBe('12 days')
})
