import { describe, expect, it } from 'vitest'
import { newId } from './new-id.ts'

describe('newId', () => {
  it('is the prefix and 26 characters without those that look alike', () => {
    expect(newId('share')).toMatch(/^share_[0-9a-hjkmnp-tv-z]{26}$/)
  })

  it('sorts by creation, within a millisecond and when the clock goes back', () => {
    const ids = Array.from({ length: 20_000 }, () => newId('log'))
    const later = Date.now() + 3_600_000
    ids.push(newId('log', later), newId('log', later - 1000), newId('log', 0))
    expect(ids.toSorted()).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('keeps the order when the counter of a millisecond runs over', () => {
    // 2^20 in one millisecond and on: the first of each step must sort after all before it.
    let last = newId('evt')
    let isOrdered = true
    for (let index = 0; index < 1_100_000; index += 1) {
      const next = newId('evt', 1)
      isOrdered &&= next > last
      last = next
    }
    expect(isOrdered).toBe(true)
  })
})
