import { describe, expect, it } from 'vitest'
import { tellPast, tellTime } from './time.ts'

const now = Date.parse('2026-03-02T10:00:00.000Z')

describe('tellTime', () => {
  it.each([
    ['2026-03-02T10:00:20.000Z', 'in a moment'],
    ['2026-03-02T09:59:50.000Z', 'just now'],
    ['2026-03-02T10:05:00.000Z', 'in 5 minutes'],
    ['2026-03-02T09:59:00.000Z', '1 minute ago'],
    ['2026-03-02T13:00:00.000Z', 'in 3 hours'],
    ['2026-03-03T10:00:00.000Z', 'tomorrow'],
    ['2026-02-20T10:00:00.000Z', '10 days ago'],
  ])('%s → %s', (iso, told) => {
    expect(tellTime(iso, now)).toBe(told)
  })
})

describe('tellPast', () => {
  it.each([
    ['2026-03-02T10:00:20.000Z', 'just now'],
    ['2026-03-02T09:59:00.000Z', '1 minute ago'],
  ])('%s → %s', (iso, told) => {
    expect(tellPast(iso, now)).toBe(told)
  })
})
