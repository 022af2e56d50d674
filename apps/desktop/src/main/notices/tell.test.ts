import { Failure } from '@private-connect/sharing'
import { describe, expect, it, vi } from 'vitest'
import { aShare, nowMs } from '../../../test/kit/desktop-state.ts'
import type { AppNotification } from './notifier.ts'
import { createTeller } from './tell.ts'

function createParts(revokeShare = vi.fn(() => Promise.resolve())) {
  const shown: AppNotification[] = []
  const openWindow = vi.fn()
  const notifier = {
    show: (notification: AppNotification) => void shown.push(notification),
    close: () => undefined,
  }
  return {
    shown,
    openWindow,
    revokeShare,
    teller: createTeller({ notifier, openWindow, revokeShare, nowMs: () => nowMs }),
  }
}
const notice = { shareId: 'share_01', shareName: 'shop', count: 1, isMore: false, ipAddress: null }

describe('createTeller', () => {
  it('opens the share’s activity by a click', () => {
    const { teller, shown, openWindow } = createParts()
    teller.visit(notice)
    teller.shared(aShare())
    for (const { onClick } of shown) onClick()
    expect(openWindow.mock.calls).toEqual([['/shares/share_01/activity'], ['/shares/share_01/activity']])
  })

  it('revokes by its button, and says so', async () => {
    const { teller, shown, revokeShare } = createParts()
    teller.visit(notice)
    expect(shown[0]?.actions.map(({ text }) => text)).toEqual(['Revoke'])
    shown[0]?.actions[0]?.run()
    await vi.waitFor(() => expect(shown[1]?.title).toBe('shop is no longer shared'), { timeout: 10_000 })
    expect(revokeShare).toHaveBeenCalledWith('share_01')
  })

  it('says in words what failed, and nothing of what is inside', async () => {
    const failing = vi.fn(() =>
      Promise.reject(new Failure('hubUnreachable', 'The hub does not answer.', { hint: 'Is it running?' })),
    )
    const { teller, shown } = createParts(failing)
    teller.visit(notice)
    shown[0]?.actions[0]?.run()
    await vi.waitFor(
      () => expect(shown[1]).toMatchObject({ title: 'The hub does not answer.', body: 'Is it running?' }),
      { timeout: 10_000 },
    )
    teller.failure(new Error('EACCES /home/ada'))
    expect(JSON.stringify(shown[2])).not.toContain('ada')
  })

  it('takes nothing from the hub that moves or hides text, or never ends', async () => {
    const shareName = `a\0b\u202E${'x'.repeat(100)}`
    const { teller, shown } = createParts()
    teller.visit({ ...notice, shareName })
    shown[0]?.actions[0]?.run()
    await vi.waitFor(() => expect(shown).toHaveLength(2), { timeout: 10_000 })
    teller.failure(new Failure('usage', `no\0\n${'x'.repeat(100_000)}`, { hint: shareName.repeat(1000) }))
    for (const { title, body } of shown) {
      expect(title + body).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      expect(title.length + body.length).toBeLessThan(500)
    }
  })
})
