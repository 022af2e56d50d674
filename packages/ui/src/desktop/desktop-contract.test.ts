import { describe, expect, it } from 'vitest'
import { desktopSchemas } from './desktop-contract.ts'

/*
 * Guarantee (CASES ELE-04): what crosses between window and main process is what the contract names, to the field. A window moves no
 * secrets to another place than a person was offered and changes no hub by a setting; the app tells no field more than the screens show.
 */
const sound = {
  'account:sign-in-with-key': { apiKey: 'pc_live_x' },
  'hub:change': { hubUrl: 'https://hub.example.com' },
  'secrets:choose': { storage: 'memory' },
  'settings:change': { notifies: false },
  'notifications:snooze': { minutes: 60 },
  'ports:share': { port: 3000 },
  'shares:copy-link': { shareId: 'share_1' },
  'shares:open-link': { shareId: 'share_1' },
  'shares:extend': { shareId: 'share_1', by: '1h' },
  'shares:revoke': { shareId: 'share_1' },
  'clipboard:write': { text: 'x' },
  'shares:keep-link': { shareId: 'share_1', url: 'https://hub.example.com/' },
} as const

type Named = keyof typeof sound
const named = Object.keys(sound) as Named[]
const takes = (channel: keyof typeof desktopSchemas, input: unknown): boolean =>
  desktopSchemas[channel].input.safeParse(input).success

describe('what the window asks for', () => {
  it('is in the contract or is nothing at all', () => {
    const others = (Object.keys(desktopSchemas) as (keyof typeof desktopSchemas)[]).filter(
      (channel) => !named.some((name) => name === channel),
    )
    for (const channel of others) {
      expect([channel, takes(channel, undefined), takes(channel, {})]).toEqual([channel, true, false])
    }
  })

  it.each(named)('%s has no field more, and none of another kind', (channel) => {
    const input: Readonly<Record<string, unknown>> = sound[channel]
    expect(takes(channel, input)).toBe(true)
    expect(takes(channel, { ...input, extra: 1 })).toBe(false)
    for (const field of Object.keys(input)) expect(takes(channel, { ...input, [field]: {} })).toBe(false)
  })

  it.each([
    ['secrets:choose', { storage: 'keyring' }],
    ['settings:change', { hubUrl: 'https://evil.example' }],
    ['settings:change', { snoozedUntilMs: 1 }],
    ['notifications:snooze', { minutes: 1441 }],
    ['ports:share', { port: 0 }],
    ['ports:share', { port: 65_536 }],
    ['ports:share', { port: 80.5 }],
    ['clipboard:write', { text: 'x'.repeat(16_385) }],
  ] as const)('%s is not %j', (channel, input) => {
    expect(takes(channel, input)).toBe(false)
  })
})

describe('what the app tells', () => {
  const share = {
    id: 'share_1',
    name: 'shop',
    url: null,
    targetHost: '127.0.0.1',
    targetPort: 3000,
    expiresAtMs: null,
    visitorCount: 0,
  }
  const state = {
    connection: 'connected',
    trouble: null,
    account: { kind: 'signed-in', email: null, workspaceName: 'lab' },
    shares: [share],
    settings: {
      hubUrl: 'https://hub.example.com',
      startsAtLogin: false,
      notifies: true,
      snoozedUntilMs: null,
      defaultExpiry: '24h',
      ignoredProcesses: [],
    },
    secretStorage: 'keyring',
    hasKeyring: true,
  }
  const tells = (told: unknown): boolean => desktopSchemas['desktop:state'].output.safeParse(told).success

  it('is the state, and no secret beside or in it', () => {
    const token = 'sess_x'
    expect(tells(state)).toBe(true)
    for (const more of [
      { token },
      { account: { ...state.account, token } },
      { settings: { ...state.settings, token } },
      { shares: [{ ...share, token }] },
    ]) {
      expect([more, tells({ ...state, ...more })]).toEqual([more, false])
    }
  })
})
