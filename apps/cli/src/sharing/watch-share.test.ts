import type { Share } from '@private-connect/api/contracts'
import { describe, expect, it } from 'vitest'
import { waitForShareEnd } from './watch-share.ts'

const active = { isActive: true, revokedAt: null } as Share
const watch = (answers: Array<Share | Error>, stop = new AbortController()) =>
  waitForShareEnd({
    shareId: 'share_1',
    signal: stop.signal,
    intervalMs: 1,
    hub: {
      async getShare() {
        const next = answers.shift()
        if (next === undefined) stop.abort()
        if (next instanceof Error) throw next
        return next ?? active
      },
    },
  })

describe('waitForShareEnd', () => {
  it.each([
    ['expired', { isActive: false, revokedAt: null }],
    ['revoked_elsewhere', { isActive: false, revokedAt: '2026-03-09T10:00:00.000Z' }],
  ])('tells %s, and outlasts a hub that restarts', async (reason, ended) => {
    expect(await watch([active, new Error('restarting'), ended as Share])).toBe(reason)
  })

  it('ends as stopped when the user stops', async () => {
    expect(await watch([active])).toBe('stopped')
  })
})
