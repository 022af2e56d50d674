import { expect, it } from 'vitest'
import { createHeapLoad } from './heap-load.ts'

it('says so above 85 % of the heap, reads it ten times a second at most, and takes it back', () => {
  let now = 0
  let part = 0.85
  let reads = 0
  const isOverloaded = createHeapLoad({
    nowMs: () => now,
    readHeapPart: () => {
      reads += 1
      return part
    },
  })
  expect(isOverloaded()).toBe(false)
  part = 0.851
  now = 99
  expect(isOverloaded()).toBe(false)
  now = 100
  expect(isOverloaded()).toBe(true)
  part = 0.5
  expect(isOverloaded()).toBe(true)
  now = 200
  expect(isOverloaded()).toBe(false)
  expect(reads).toBe(3)
})

it('reads this process’s own heap, which has room', () => {
  expect(createHeapLoad()()).toBe(false)
})
