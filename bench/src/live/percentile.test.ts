import { expect, it } from 'vitest'
import { percentile } from './percentile.ts'

it('is a value that occurs, with at least that part of all at or below it', () => {
  const values = Array.from({ length: 100 }, (_, at) => 100 - at)
  expect([0, 0.5, 0.99, 1].map((part) => percentile(values, part))).toEqual([1, 50, 99, 100])
  expect(percentile([], 0.5)).toBeNaN()
})
