import { describe, expect, it } from 'vitest'
import { aShare, nowMs } from '../../../test/kit/desktop-state.ts'
import { writeShared, writeVisits } from './write-notice.ts'

const notice = { shareId: 's', shareName: 'shop', count: 1, isMore: false, ipAddress: '203.0.113.7' }

describe('the words of a notification', () => {
  it.each([
    [notice, 'Somebody opened shop', 'From 203.0.113.7. Click to see the activity.'],
    [
      { ...notice, isMore: true, ipAddress: '::1' },
      'Another visitor opened shop',
      'From this computer. Click to see the activity.',
    ],
    [{ ...notice, ipAddress: null }, 'Somebody opened shop', 'Click to see the activity.'],
    [{ ...notice, count: 3, isMore: true }, '3 more visitors opened shop', 'Click to see who.'],
    [{ ...notice, count: 2 }, '2 visitors opened shop', 'Click to see who.'],
    [
      { ...notice, shareName: 'a\nb\u202Ec' },
      'Somebody opened a b c',
      'From 203.0.113.7. Click to see the activity.',
    ],
    [
      { ...notice, ipAddress: `1.2.3.4\0\n\u202E${'x'.repeat(100_000)}` },
      'Somebody opened shop',
      `From 1.2.3.4 ${'x'.repeat(31)}…. Click to see the activity.`,
    ],
  ])('%j', (told, title, body) => {
    expect(writeVisits(told)).toEqual({ title, body })
  })

  it('says where the link is, and keeps it out', () => {
    const share = aShare({ expiresAtMs: nowMs + 24 * 3_600_000 })
    expect(writeShared(share, nowMs)).toEqual({
      title: 'shop is shared',
      body: 'The link to port 5173 is on your clipboard. 24 h left.',
    })
    expect(writeShared(aShare({ expiresAtMs: null }), nowMs).body).toMatch(/until you revoke it/)
    expect(JSON.stringify(writeShared(share, nowMs))).not.toContain('share_tok')
  })
})
