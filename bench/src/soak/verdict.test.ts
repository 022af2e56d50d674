import { describe, expect, it } from 'vitest'
import { judgeSoak, memorySlope } from './verdict.ts'
import type { SoakFacts } from './verdict.ts'

const mib = 1024 ** 2
const climb = (mibPerMin: number, minutes: number) =>
  Array.from({ length: minutes * 12 + 1 }, (_, index) => ({
    atMs: index * 5000,
    bytes: 100 * mib + (index / 12) * mibPerMin * mib,
  }))
const good: SoakFacts = {
  completed: { small: 10, bulk: 1 },
  crossed: [],
  failedUnexcused: [],
  failedExcused: 3,
  memory: { hub: climb(0, 10) },
  resources: { 'hub TCPSocketWrap': { before: 5, after: 6 } },
}

describe('memorySlope', () => {
  it('is the growth in MiB a minute', () => {
    expect(memorySlope(climb(3, 10))).toBeCloseTo(3)
    expect(memorySlope(climb(-1, 2))).toBeCloseTo(-1)
    expect(memorySlope([])).toBe(0)
    expect(memorySlope(climb(1, 0))).toBe(0)
  })
})

describe('judgeSoak', () => {
  it('passes when all is well', () => {
    expect(judgeSoak(good).passed).toBe(true)
  })

  it('fails for each thing that went wrong, and shows it', () => {
    const verdict = judgeSoak({ ...good, crossed: ['small: got b for a'] })
    expect(verdict.passed).toBe(false)
    expect(verdict.lines.join('\n')).toContain('got b for a')
    expect(judgeSoak({ ...good, failedUnexcused: ['small: 502'] }).passed).toBe(false)
    expect(judgeSoak({ ...good, memory: { hub: climb(3, 10) } }).passed).toBe(false)
    expect(judgeSoak({ ...good, resources: { 'hub Timeout': { before: 5, after: 50 } } }).passed).toBe(false)
    expect(judgeSoak({ ...good, completed: { small: 0 } }).passed).toBe(false)
  })

  it('does not judge memory over a short time', () => {
    const verdict = judgeSoak({ ...good, memory: { hub: climb(30, 2) } })
    expect(verdict.passed).toBe(true)
    expect(verdict.lines.join('\n')).toContain('too short to judge')
  })
})
