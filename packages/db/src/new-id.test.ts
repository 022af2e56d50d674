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
    let last = newId('evt')
    for (let index = 0; index < 1_100_000; index += 1) {
      const next = newId('evt', 1)
      if (next <= last) throw new Error(`${next} came after ${last}`)
      last = next
    }
  })
})
