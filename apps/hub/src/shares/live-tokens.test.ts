import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { createLiveTokens } from './live-tokens.ts'

const hashOf = (token: string) => createHash('sha256').update(token).digest()

function setUp() {
  const state = { nowMs: 0, lists: 0, isDown: false, tokens: ['a'] }
  const isLikely = createLiveTokens({
    nowMs: () => state.nowMs,
    list: async () => {
      state.lists += 1
      if (state.isDown) throw new Error('database is down')
      return state.tokens.map((token) => hashOf(token).subarray(0, 8))
    },
  })
  return { state, isLikely: (token: string) => isLikely(hashOf(token)) }
}

// Guarantee: however many tokens are asked for, the database is asked once in ten seconds.
it('answers any number of questions with one list in ten seconds', async () => {
  const { state, isLikely } = setUp()
  const answers = await Promise.all(Array.from({ length: 1000 }, (_, index) => isLikely(`guess ${index}`)))
  expect(answers).not.toContain(true)
  expect(await isLikely('a')).toBe(true)
  state.tokens.push('b')
  expect([await isLikely('b'), state.lists]).toEqual([false, 1])
  state.nowMs = 10_000
  expect([await isLikely('b'), state.lists]).toEqual([true, 2])
})

it('asks again at once where the list could not be read', async () => {
  const { state, isLikely } = setUp()
  state.isDown = true
  await expect(isLikely('a')).rejects.toThrow('database is down')
  state.isDown = false
  expect(await isLikely('a')).toBe(true)
})
