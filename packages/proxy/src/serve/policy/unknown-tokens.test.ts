// Guarantee (TOK-02): whoever guesses tokens is told that there is none, and after so many in a minute to wait; a request
// counts once, however it is refused, and what one network guesses holds up no other.
import { describe, expect, it } from 'vitest'
import { createUnknownTokens } from './unknown-tokens.ts'

const perMin = 10

function setUp() {
  const state = { nowMs: 1_000_000 }
  const tokens = createUnknownTokens({ nowMs: () => state.nowMs, perMin })
  /** A request whose token was not known and is none of the store's, unless nothing was looked up. */
  const ask = async (address = '203.0.113.9', isLookedUp = true) => {
    const guess = tokens.guess(address)
    if (isLookedUp && (await guess.admit())) guess.settle(false)
    return guess.refuse()
  }
  const askTimes = async (count: number, ...request: Parameters<typeof ask>) => {
    const codes: string[] = []
    for (let at = 0; at < count; at += 1) codes.push((await ask(...request)).code)
    return codes
  }
  return { state, tokens, ask, askTimes }
}

const expected = (notFound: number, limited: number) => [
  ...Array.from({ length: notFound }, () => 'share.not_found'),
  ...Array.from({ length: limited }, () => 'request.rate_limited'),
]

describe('unknown tokens', () => {
  it.each([
    ['that were looked up', true],
    ['of no token’s form, which are not', false],
  ])('%s are not found, and then too many', async (_, isLookedUp) => {
    const { askTimes } = setUp()
    expect(await askTimes(perMin + 5, '203.0.113.9', isLookedUp)).toEqual(expected(perMin, 5))
  })

  it('are counted together, whether they were looked up or not', async () => {
    const { askTimes } = setUp()
    expect(await askTimes(6, '203.0.113.9', true)).toEqual(expected(6, 0))
    expect(await askTimes(6, '203.0.113.9', false)).toEqual(expected(4, 2))
  })

  it('say when to come back, and are not found again then', async () => {
    const { state, ask, askTimes } = setUp()
    await askTimes(perMin)
    const refusal = await ask()
    const waitMs = (refusal.retryAfterSeconds ?? 0) * 1000
    expect(waitMs).toBeLessThan(2 * 60_000)
    state.nowMs += waitMs / 2
    expect((await ask()).code).toBe('request.rate_limited')
    state.nowMs += waitMs / 2
    expect((await ask()).code).toBe('share.not_found')
  })

  it('of one /64 are together, of other networks not', async () => {
    const { askTimes } = setUp()
    expect(await askTimes(perMin, '2001:db8::1')).toEqual(expected(perMin, 0))
    expect(await askTimes(1, '2001:db8::2')).toEqual(expected(0, 1))
    expect(await askTimes(1, '2001:db8:0:1::1')).toEqual(expected(1, 0))
    expect(await askTimes(1, '203.0.113.10')).toEqual(expected(1, 0))
  })

  it('a token that is a share’s counts as no guess', async () => {
    const { tokens, askTimes } = setUp()
    for (let count = 0; count < 5 * perMin; count += 1) {
      const guess = tokens.guess('203.0.113.9')
      expect(await guess.admit()).toBe(true)
      guess.settle(true)
    }
    expect(await askTimes(perMin)).toEqual(expected(perMin, 0))
  })

  it('nothing is looked up any more for whoever has guessed too often', async () => {
    const { tokens, askTimes } = setUp()
    await askTimes(perMin)
    expect(await tokens.guess('203.0.113.9').admit()).toBe(false)
    expect(await tokens.guess('203.0.113.10').admit()).toBe(true)
  })
})
