import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, medianRatio, roundRatios, shuffle } from './stats.ts'

describe('median', () => {
  it('is the middle value, or the mean of the middle two', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([7])).toBe(7)
    expect(median([])).toBeUndefined()
  })

  it('has as many values on either side, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const middle = median(values) as number
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2)
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2)
      }),
    )
  })

  it('does not reorder its input', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })
})

describe('medianRatio', () => {
  it('takes the ratio within each round, so load that slows a whole round cancels out', () => {
    const ours = new Map([
      [1, 200],
      [2, 20],
      [3, 2],
    ])
    const theirs = new Map([
      [1, 100],
      [2, 10],
      [3, 1],
    ])
    expect(medianRatio(ours, theirs)).toBe(2)
  })

  it('leaves out rounds in which either is missing, or the base is zero', () => {
    const ours = new Map([
      [1, 10],
      [2, 30],
      [4, 5],
    ])
    const theirs = new Map([
      [2, 10],
      [3, 1],
      [4, 0],
    ])
    expect(roundRatios(ours, theirs)).toEqual([3])
    expect(medianRatio(new Map(), theirs)).toBeUndefined()
  })
})

describe('shuffle', () => {
  it('keeps every item exactly once and leaves its input alone', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer()), (items) => {
        const before = [...items]
        const shuffled = shuffle(items, Math.random)
        expect(shuffled.toSorted((a, b) => a - b)).toEqual(before.toSorted((a, b) => a - b))
        expect(items).toEqual(before)
      }),
    )
  })

  it('moves items', () => {
    expect(shuffle([1, 2, 3], () => 0)).toEqual([2, 3, 1])
  })
})
