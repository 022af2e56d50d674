import type { DesktopShare, ListeningPort } from '@private-connect/ui/desktop'
import { describe, expect, it } from 'vitest'
import { aPort, aShare, aState, nowMs } from '../../../test/kit/desktop-state.ts'
import { writeShared, writeVisits } from '../notices/write-notice.ts'
import type { MenuEntry } from './menu-entry.ts'
import { menuTemplate } from './menu-template.ts'
import { writeQuestion } from './quit-question.ts'
import { writeStatus } from './status-entries.ts'

/*
 * Guarantee: whatever programs, people and hubs call things, nothing in the menu, in its tooltip, in a notification and in the question
 * before the end moves or hides other text, breaks a line, or fills the screen.
 */
const hostile = `a\n\u2028\u202Eb\u200B\u0007${'x'.repeat(10_000)}`
/** Control characters, what moves or hides text, and all kinds of line ends. */
const unruly = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
const charactersMax = 120

const share: DesktopShare = aShare({ name: hostile, targetHost: hostile })
const port: ListeningPort = aPort({ processName: hostile })
const notice = { shareId: 'share_01', shareName: hostile, count: 1, isMore: false, ipAddress: hostile }

function textsOf(entries: readonly MenuEntry[]): readonly string[] {
  return entries.flatMap((entry) =>
    entry === 'separator' ? [] : [entry.text, ...textsOf(entry.entries ?? [])],
  )
}

const isRuly = (text: string): boolean => !unruly.test(text) && text.length < charactersMax

describe('what others call things', () => {
  it.each([
    ['signed in', { kind: 'signed-in', email: hostile, workspaceName: hostile }],
    ['signing in', { kind: 'signing-in', userCode: hostile, verificationUrl: hostile, expiresAtMs: 1 }],
    ['signed out', { kind: 'signed-out' }],
  ] as const)('is ruly in the menu and its tooltip while %s', (_when, account) => {
    const state = aState({ connection: 'sharing', account, trouble: hostile, shares: [share] })
    const texts = textsOf(menuTemplate({ state, ports: [port], nowMs }))
    expect(texts.length).toBeGreaterThan(6)
    expect([...texts, writeStatus(state)].filter((text) => !isRuly(text))).toEqual([])
  })

  it('is ruly in notifications', () => {
    const notices = [writeShared(share, nowMs), writeVisits(notice), writeVisits({ ...notice, count: 2 })]
    const texts = notices.flatMap(({ title, body }) => [title, body])
    expect(texts.filter((text) => !isRuly(text))).toEqual([])
  })

  it('is ruly in the question before the end', () => {
    expect(writeQuestion([share]).detail).toSatisfy(isRuly)
  })
})
