import { expect, it } from 'vitest'
import { tellBytes } from './tell-bytes.ts'

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [215_040, '215 kB'],
  [1_500_000, '1.5 MB'],
  [3e15, '3000 TB'],
])('%i bytes are %s', (bytes, told) => {
  expect(tellBytes(bytes)).toBe(told)
})
