// Guarantee (RL-09): a million different addresses, tokens or keys fill no memory: limiters and caches forget the oldest.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createGuessLimiter, createMemoryRateLimiter } from '@private-connect/proxy/serve'
import { beforeAll, expect, it } from 'vitest'
import { createShareCache } from '../src/shares/share-cache.ts'
import { createSignInLimits } from '../src/sign-in/sign-in-limits.ts'

const many = 1_000_000
const mebibyte = 2 ** 20
let collectGarbage: () => void

beforeAll(() => {
  setFlagsFromString('--expose-gc')
  collectGarbage = runInNewContext('gc') as () => void
})

function usedBytes(): number {
  // What the first one finds unused of typed arrays' bytes, the second one counts as given back.
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** How much more is held when the work is done, by all that `keep` answers. */
async function growthOf<T>(work: () => T | Promise<T>): Promise<{ kept: T; bytes: number }> {
  const before = usedBytes()
  const kept = await work()
  return { kept, bytes: usedBytes() - before }
}

const address = (at: number) => `2001:db8:${(at >> 16).toString(16)}:${(at & 0xffff).toString(16)}::1`

it('the limiter of requests', { timeout: 120_000 }, async () => {
  const { kept, bytes } = await growthOf(() => {
    const limiter = createMemoryRateLimiter({ nowMs: () => 0 })
    for (let at = 0; at < many; at += 1) limiter.consume(`share_${at}`, 5)
    return limiter
  })
  expect(kept.keyCount).toBe(100_000)
  // The oldest is forgotten, the newest not.
  expect([kept.hasLeft('share_0', 1), kept.hasLeft(`share_${many - 1}`, 1)]).toEqual([true, false])
  expect(bytes).toBeLessThan(120 * mebibyte)
})

it('the limiter of guesses', { timeout: 120_000 }, async () => {
  const { kept, bytes } = await growthOf(async () => {
    const limiter = createGuessLimiter({ nowMs: () => 0, perMin: 10 })
    for (let at = 0; at < many; at += 1) {
      const guard = limiter.guard(address(at))
      if (await guard.admit()) guard.settle(at % 2 === 0)
    }
    return limiter
  })
  expect(bytes).toBeLessThan(40 * mebibyte)
  expect(kept.countWrong('192.0.2.1').isAllowed).toBe(true)
})

it('the limits of sign-in', { timeout: 120_000 }, async () => {
  const perMin = { requestsPerMin: 5, mailsPerRecipient: 5, mailsPerAddress: 5, mailsMax: many }
  const { kept, bytes } = await growthOf(async () => {
    const limits = createSignInLimits({ nowMs: () => 0, ...perMin })
    for (let at = 0; at < many / 4; at += 1) {
      await limits.checkRate(address(at))
      await limits.mayMail({ email: `a${at}@example.com`, ipAddress: address(at) })
    }
    return limits
  })
  expect(bytes).toBeLessThan(240 * mebibyte)
  expect(await kept.mayMail({ email: 'new@example.com', ipAddress: '192.0.2.1' })).toBe(true)
})

it(
  'the cache of shares, which keeps no unknown token and the newest of those that exist',
  { timeout: 120_000 },
  async () => {
    let loads = 0
    const { kept, bytes } = await growthOf(async () => {
      const cache = createShareCache<{ id: string }>({
        nowMs: () => 0,
        load: async () => ((loads += 1) % 4 === 0 ? { id: `share_${loads}` } : null),
      })
      for (let at = 0; at < many / 4; at += 1) await cache.find(`share_tok_${at}`)
      return cache
    })
    expect(bytes).toBeLessThan(40 * mebibyte)
    const before = loads
    for (let at = 0; at < 4; at += 1) await kept.find('share_tok_0')
    expect(loads).toBeGreaterThan(before)
  },
)
