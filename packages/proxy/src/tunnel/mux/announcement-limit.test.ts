import { describe, expect, it } from 'vitest'
import { AnnouncementLimit } from './announcement-limit.ts'

const countTaken = (tries: number, take: () => boolean) =>
  Array.from({ length: tries }, take).filter(Boolean).length

describe('what a peer announces', () => {
  it('may be 16 hellos at once and 4 a second, without saving up more', () => {
    const limit = new AnnouncementLimit()
    expect(countTaken(100, () => limit.takeHello(5000))).toBe(16)
    expect(countTaken(100, () => limit.takeHello(5249))).toBe(0)
    expect(countTaken(100, () => limit.takeHello(6000))).toBe(4)
    expect(countTaken(100, () => limit.takeHello(3_600_000))).toBe(16)
  })

  it('may be hellos four times a second for ever', () => {
    const limit = new AnnouncementLimit()
    let nowMs = 0
    expect(countTaken(10_000, () => limit.takeHello((nowMs += 250)))).toBe(10_000)
  })

  it('may be eight goaways in all', () => {
    const limit = new AnnouncementLimit()
    expect(countTaken(100, () => limit.takeGoaway())).toBe(8)
  })
})
