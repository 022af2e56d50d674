import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createVisitorIds } from './visitor-ids.ts'

const key = randomBytes(32)
const ids = createVisitorIds(key)

// Who visits is told apart without being told: an id stays the same for one visitor of one share, cannot be made up, and
// says the same on every node of the hub, but nothing to the owner of another share.
describe('marks', () => {
  it('are read again, on every node that has the key', () => {
    const { id, mark } = ids.create('share_1')
    expect(id).toMatch(/^visitor_[0-9a-f]{24}$/)
    expect(ids.read('share_1', mark)).toBe(id)
    expect(createVisitorIds(key).read('share_1', mark)).toBe(id)
  })

  it('count for one share and one key only', () => {
    const { mark } = ids.create('share_1')
    expect(ids.read('share_2', mark)).toBeNull()
    expect(createVisitorIds(randomBytes(32)).read('share_1', mark)).toBeNull()
  })

  it('cannot be made up, nor changed in any place', () => {
    const { mark } = ids.create('share_1')
    const place = fc.nat({ max: mark.length - 1 })
    fc.assert(
      fc.property(place, fc.nat({ max: 14 }), (at, by) => {
        const other = ((Number.parseInt(mark.charAt(at), 16) + 1 + by) % 16).toString(16)
        const changed = mark.slice(0, at) + other + mark.slice(at + 1)
        expect(ids.read('share_1', changed)).toBeNull()
      }),
    )
    for (const text of ['', 'x', mark.slice(0, 24), mark.slice(0, -1), `${mark}0`, '0'.repeat(mark.length)])
      expect(ids.read('share_1', text)).toBeNull()
  })

  it('are new for each visitor', () => {
    const made = Array.from({ length: 200 }, () => ids.create('share_1').id)
    expect(new Set(made).size).toBe(made.length)
  })
})

describe('guesses', () => {
  it('are the same for the same address and browser, on every node', () => {
    const guess = ids.guess('share_1', '203.0.113.9', 'Firefox')
    expect(guess).toMatch(/^visitor_[0-9a-f]{24}$/)
    expect(ids.guess('share_1', '203.0.113.9', 'Firefox')).toBe(guess)
    expect(createVisitorIds(key).guess('share_1', '203.0.113.9', 'Firefox')).toBe(guess)
  })

  it('differ by share, address, browser and key', () => {
    const guesses = [
      ids.guess('share_1', '203.0.113.9', 'Firefox'),
      ids.guess('share_2', '203.0.113.9', 'Firefox'),
      ids.guess('share_1', '203.0.113.10', 'Firefox'),
      ids.guess('share_1', '203.0.113.9', 'Chrome'),
      createVisitorIds(randomBytes(32)).guess('share_1', '203.0.113.9', 'Firefox'),
    ]
    expect(new Set(guesses).size).toBe(guesses.length)
  })

  it('take one IPv6 network for one visitor, who changes addresses in it', () => {
    const guess = ids.guess('share_1', '2001:db8:1:2::1', 'Firefox')
    expect(ids.guess('share_1', '2001:db8:1:2:ffff::9', 'Firefox')).toBe(guess)
    expect(ids.guess('share_1', '2001:db8:1:3::1', 'Firefox')).not.toBe(guess)
  })

  it('are bounded in what they take of a browser’s name, and stay right when many were asked for', () => {
    const long = 'x'.repeat(512)
    const guess = ids.guess('share_1', '203.0.113.9', long)
    expect(ids.guess('share_1', '203.0.113.9', `${long}y`)).toBe(guess)
    for (let at = 0; at < 25_000; at += 1) ids.guess('share_1', '203.0.113.9', String(at))
    expect(ids.guess('share_1', '203.0.113.9', long)).toBe(guess)
  })
})
