import { describe, expect, it } from 'vitest'
import { aPort, aShare, aState, nowMs } from '../../../test/kit/desktop-state.ts'
import type { MenuEntry, TextEntry } from './menu-entry.ts'
import { menuTemplate, type MenuInput } from './menu-template.ts'
import { minutesUntilTomorrow } from './notification-entries.ts'

const menu = (input: Partial<MenuInput> = {}) =>
  menuTemplate({ state: aState(), ports: [aPort()], nowMs, ...input })
const isText = (entry: MenuEntry): entry is TextEntry => entry !== 'separator'
const texts = (entries: readonly MenuEntry[] | undefined): readonly string[] =>
  (entries ?? []).map((entry) => (isText(entry) ? entry.text : '—'))
const find = (entries: readonly MenuEntry[] | undefined, text: string): TextEntry => {
  const found = entries?.filter(isText).find((entry) => entry.text.startsWith(text))
  if (found === undefined) throw new Error(`No ${text} in ${String(texts(entries))}`)
  return found
}

describe('the menu', () => {
  it('says how things are, what can be shared, what is, and the rest', () => {
    expect(texts(menu())).toEqual([
      'Connected, nothing is shared',
      'Ada’s workspace',
      '—',
      'Share this port',
      'No active shares',
      '—',
      'Notifications',
      '—',
      'Open Private Connect',
      'Quit',
    ])
  })

  it('asks to sign in before anything', () => {
    const state = aState({ connection: 'offline', account: { kind: 'signed-out' } })
    expect(texts(menu({ state })).slice(0, 4)).toEqual(['Not signed in', 'Sign in…', '—', 'Notifications'])
    expect(find(menu({ state }), 'Sign in').action).toEqual({ kind: 'open' })
  })

  it('shows the code while signing in', () => {
    const account = {
      kind: 'signing-in',
      userCode: 'ABCD-EFGH',
      verificationUrl: 'https://h',
      expiresAtMs: 1,
    } as const
    expect(texts(menu({ state: aState({ account }) })).slice(0, 2)).toEqual([
      'Signing in: code ABCD-EFGH',
      'Show the code…',
    ])
  })

  it.each([
    [['offline', 0], 'Offline', false],
    [['connecting', 0], 'Connecting…', true],
    [['connected', 0], 'Connected, nothing is shared', true],
    [['sharing', 1], 'Sharing 1 port', true],
    [['sharing', 3], 'Sharing 3 ports', true],
  ] as const)('%j reads %s', ([connection, count], text, canShare) => {
    const shares = Array.from({ length: count }, (_, at) => aShare({ id: `share_${at}` }))
    const entries = menu({ state: aState({ connection, shares }) })
    expect(texts(entries)[0]).toBe(text)
    expect(find(entries, 'Share this port').isEnabled).toBe(canShare)
  })

  it('tells what is wrong', () => {
    expect(texts(menu({ state: aState({ trouble: 'The hub does not answer.' }) }))).toContain(
      'The hub does not answer.',
    )
  })
})

describe('Share this port', () => {
  const portsOf = (input: Partial<MenuInput>) => find(menu(input), 'Share this port').entries

  it('shares with one click, sets kinds apart, and offers any other port', () => {
    const ports = [
      aPort(),
      aPort({ port: 8000, processName: 'python3', framework: null }),
      aPort({ port: 8080, processName: null, framework: null }),
      aPort({ port: 5432, processName: null, framework: 'PostgreSQL', kind: 'database' }),
    ]
    expect(texts(portsOf({ ports }))).toEqual([
      '5173 · Vite (node)',
      '8000 · python3',
      '8080',
      '—',
      '5432 · PostgreSQL',
      '—',
      'Other port…',
    ])
    expect(find(portsOf({ ports }), '5173').action).toEqual({
      kind: 'share-port',
      port: 5173,
      host: '127.0.0.1',
    })
    expect(find(portsOf({ ports }), 'Other').action).toEqual({ kind: 'open', path: '/share' })
  })

  it('says so where nothing listens', () => {
    expect(texts(portsOf({ ports: [] }))).toEqual([
      'Nothing is listening on this machine',
      '—',
      'Other port…',
    ])
  })

  it('marks what is shared already', () => {
    expect(texts(portsOf({ state: aState({ shares: [aShare()] }) }))[0]).toBe('5173 · Vite (node) · shared')
  })

  it('shortens long names and long lists', () => {
    const ports = Array.from({ length: 30 }, (_, at) =>
      aPort({ port: 3000 + at, processName: 'x'.repeat(300) }),
    )
    const entries = portsOf({ ports })
    expect(texts(entries)[0]).toBe(`3000 · Vite (${'x'.repeat(23)}…)`)
    expect(texts(entries).slice(-3)).toEqual(['—', '10 more…', 'Other port…'])
  })
})

describe('Active shares', () => {
  const sharesOf = (shares: Parameters<typeof aShare>[0][]) =>
    find(menu({ state: aState({ shares: shares.map(aShare) }) }), 'Active shares').entries

  it('has each with its time left and all that can be done', () => {
    const entry = sharesOf([{}])?.find(isText)
    expect(entry?.text).toBe('shop · 23 h left')
    expect(texts(entry?.entries)).toEqual([
      '127.0.0.1:5173',
      'Copy link',
      'Open in browser',
      'Activity',
      'Extend',
      '—',
      'Revoke',
    ])
    expect(entry?.entries?.filter(isText).map(({ action }) => action)).toEqual([
      undefined,
      { kind: 'copy-link', shareId: 'share_01' },
      { kind: 'open-link', shareId: 'share_01' },
      { kind: 'open', path: '/shares/share_01/activity' },
      undefined,
      { kind: 'revoke', shareId: 'share_01' },
    ])
  })

  it('extends to what is later only', () => {
    const extend = (expiresAtMs: number | null) =>
      find(sharesOf([{ expiresAtMs }]), 'shop')
        .entries?.filter(isText)
        .find(({ text }) => text === 'Extend')
    expect(texts(extend(nowMs + 60_000)?.entries)).toHaveLength(3)
    expect(extend(nowMs + 2 * 3_600_000)?.entries?.find(isText)?.action).toEqual({
      kind: 'extend',
      shareId: 'share_01',
      by: '24h',
    })
    expect(extend(nowMs + 30 * 86_400_000)?.isEnabled).toBe(false)
    expect(extend(null)).toBeUndefined()
  })

  it('offers a new link where this machine has none', () => {
    expect(texts(find(sharesOf([{ url: null }]), 'shop').entries)).not.toContain('Copy link')
    expect(find(find(sharesOf([{ url: null }]), 'shop').entries, 'Make').action).toEqual({
      kind: 'open',
      path: '/shares/share_01',
    })
  })

  it('keeps names as they are, brackets IPv6, and puts first what ends first', () => {
    const entries = sharesOf([
      { name: 'R&D_api', expiresAtMs: null },
      { name: 'soon', targetHost: '::1', expiresAtMs: nowMs + 60_000 },
    ])
    expect(texts(entries)).toEqual(['soon · 1 min left', 'R&D_api · no end'])
    expect(texts(find(entries, 'soon').entries)?.[0]).toBe('[::1]:5173')
  })

  it('shows twenty of fifty, and where the others are', () => {
    const entries = sharesOf(Array.from({ length: 50 }, (_, at) => ({ id: `share_${at}` })))
    expect(entries).toHaveLength(22)
    expect(texts(entries).at(-1)).toBe('All 50 shares…')
  })
})

describe('Notifications', () => {
  const entriesOf = (settings: Parameters<typeof aState>[0] & object) =>
    find(menu({ state: aState(settings) }), 'Notifications')

  it('are on, off, or quiet for a while', () => {
    expect(texts(entriesOf({}).entries)).toEqual([
      'Tell me of new visitors',
      '—',
      'Snooze for 1 hour',
      'Snooze until tomorrow',
    ])
    expect(find(entriesOf({}).entries, 'Tell')).toMatchObject({
      isChecked: true,
      action: { kind: 'notify', isOn: false },
    })
    const off = entriesOf({ settings: { notifies: false } })
    expect(off.text).toBe('Notifications (off)')
    expect(find(off.entries, 'Tell').action).toEqual({ kind: 'notify', isOn: true })
    expect(find(off.entries, 'Snooze for').isEnabled).toBe(false)
    const quiet = entriesOf({ settings: { snoozedUntilMs: nowMs + 3_600_000 } })
    expect(quiet.text).toMatch(/^Notifications \(quiet until .*\d\d.*\)$/)
    expect(find(quiet.entries, 'End').action).toEqual({ kind: 'snooze', until: 'now' })
  })

  it('forget a snooze that is over', () => {
    expect(entriesOf({ settings: { snoozedUntilMs: nowMs } }).text).toBe('Notifications')
  })
})

describe('minutesUntilTomorrow', () => {
  const at = (hours: number, minutes = 0) => new Date(2026, 10, 18, hours, minutes).getTime()
  it.each([
    ['in the evening', at(22, 30), 570],
    ['after midnight: this morning', at(1), 420],
    ['early: a day at most', at(5), 1440],
    ['at noon', at(12), 1200],
  ])('%s', (_when, timeMs, minutes) => {
    expect(minutesUntilTomorrow(timeMs)).toBe(minutes)
  })
})
