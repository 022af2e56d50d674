import { describe, expect, it } from 'vitest'
import type { HubApi } from './hub-api.ts'
import { createVisitorCounts } from './visitor-counts.ts'

/** Visitors are counted once, whether the hub or an event tells of them first. */
const share = { id: 'share_1', createdAt: '2026-03-02T10:00:00.000Z', accessCount: 1 }

function setUp(visitors: number) {
  let asked = 0
  let answer: (stats: { visitors: number }) => void = () => undefined
  const api = {
    call: async () => {
      asked += 1
      return new Promise((done) => (answer = done))
    },
  } as unknown as HubApi
  const counts = createVisitorCounts(api, () => Date.parse('2026-03-02T11:00:00.000Z'))
  return { counts, asked: () => asked, tell: () => answer({ visitors }) }
}

describe('counts of visitors', () => {
  it('come from the hub first, and from events afterwards', async () => {
    const { counts, asked, tell } = setUp(3)
    const learning = counts.learn([share])
    tell()
    await learning
    counts.visited(share.id)
    await counts.learn([share])
    expect(counts.of(share.id)).toBe(4)
    expect(asked()).toBe(1)
  })

  it('count an event that comes before the answer', async () => {
    const { counts, tell } = setUp(1)
    const learning = counts.learn([share])
    counts.visited(share.id)
    tell()
    await learning
    expect(counts.of(share.id)).toBe(1)
  })

  it('ask nothing of a share that nobody opened', async () => {
    const { counts, asked } = setUp(0)
    await counts.learn([{ ...share, accessCount: 0 }])
    expect(asked()).toBe(0)
    counts.visited(share.id)
    expect(counts.of(share.id)).toBe(1)
  })
})
