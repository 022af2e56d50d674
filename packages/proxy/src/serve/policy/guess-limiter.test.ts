// Guarantee: guesses that come at once are as limited as those that come in turn, and no real secret is held up by others.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGuessLimiter } from './guess-limiter.ts'

const perMin = 10

function setUp() {
  const state = { nowMs: 1_000_000, running: 0, lookups: 0 }
  const limiter = createGuessLimiter({ nowMs: () => state.nowMs, perMin })
  const ends: (() => void)[] = []
  /** One look-up that takes until `endAll`; answers what its visitor is told. */
  const ask = async (address: string, isReal: boolean): Promise<'found' | 'wrong' | 'refused'> => {
    const guard = limiter.guard(address)
    if (!(await guard.admit())) return 'refused'
    state.lookups += 1
    state.running += 1
    await new Promise<void>((resolve) => ends.push(resolve))
    state.running -= 1
    guard.settle(isReal)
    return isReal ? 'found' : 'wrong'
  }
  /** Lets look-ups end until none is running any more. */
  const endAll = async () => {
    for (;;) {
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
      if (ends.length === 0) return
      for (const end of ends.splice(0)) end()
    }
  }
  return { state, limiter, ask, endAll }
}

describe('guesses', () => {
  it('are looked up as often as the limit says when a thousand come at once', async () => {
    const { state, ask, endAll } = setUp()
    const answers = Promise.all(Array.from({ length: 1000 }, () => ask('203.0.113.9', false)))
    await endAll()
    expect(state.lookups).toBe(perMin)
    expect((await answers).filter((answer) => answer === 'wrong')).toHaveLength(perMin)
    expect(await ask('203.0.113.9', false)).toBe('refused')
  })

  it('count for a whole /64, and for no other network', async () => {
    const { ask, endAll, state } = setUp()
    const answers = Array.from({ length: 50 }, (_, index) => ask(`2001:db8::${index + 1}`, false))
    await endAll()
    await Promise.all(answers)
    expect(state.lookups).toBe(perMin)
    const other = ask('2001:db8:0:1::1', false)
    await endAll()
    expect(await other).toBe('wrong')
  })

  it('may be made again after a minute', async () => {
    const { state, ask, endAll, limiter } = setUp()
    for (let count = 0; count < perMin; count += 1) limiter.countWrong('203.0.113.9')
    expect(await ask('203.0.113.9', true)).toBe('refused')
    state.nowMs += 61_001
    const later = ask('203.0.113.9', true)
    await endAll()
    expect(await later).toBe('found')
  })
})

it('lets any number of real secrets through at once, also from one network', async () => {
  const { ask, endAll } = setUp()
  const answers = Promise.all(Array.from({ length: 200 }, () => ask('203.0.113.9', true)))
  await endAll()
  expect(new Set(await answers)).toEqual(new Set(['found']))
})

it('never looks up more wrong ones than the limit, in whatever mixture, and forgets who is done', async () => {
  const visitors = fc.array(fc.boolean(), { minLength: 1, maxLength: 80 })
  await fc.assert(
    fc.asyncProperty(visitors, async (mixture) => {
      const { ask, endAll } = setUp()
      const answers = Promise.all(mixture.map((isReal) => ask('203.0.113.9', isReal)))
      await endAll()
      const seen = await answers
      const wrongCount = mixture.filter((isReal) => !isReal).length
      expect(seen.filter((answer) => answer === 'wrong').length).toBeLessThanOrEqual(perMin)
      expect(wrongCount < perMin && seen.includes('refused')).toBe(false)
    }),
  )
})
