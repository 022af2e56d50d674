import { Failure } from '@private-connect/sharing'
import { desktopSchemas, type DesktopChannel } from '@private-connect/ui/desktop'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createDesktopDouble } from '../../../test/double/desktop-double.ts'
import { answerIpc, originOf, type IpcGate, type IpcHandlers } from './answer-ipc.ts'
import { createIpcHandlers } from './ipc-handlers.ts'

/** CASES ELE-04: the main process validates sender and payload of every message and never throws. */
const sender = { url: 'app://private-connect/#/shares', isMainFrame: true }
const appInfo = { name: 'Private Connect', version: '1.2.3', electronVersion: '45.0.0' }
const channels = Object.keys(desktopSchemas) as DesktopChannel[]
const logError = vi.fn<IpcGate['logError']>()
const writeClipboard = vi.fn<(text: string) => void>()

function createGate(patch: Partial<IpcHandlers> = {}) {
  const desktop = createDesktopDouble()
  const handlers = { ...createIpcHandlers({ desktop, appInfo, writeClipboard }), ...patch }
  return { desktop, handlers, trustedOrigin: 'app://private-connect', logError }
}

beforeEach(() => {
  logError.mockClear()
  writeClipboard.mockClear()
})

describe('answerIpc', () => {
  it('answers the window', async () => {
    for (const args of [[undefined], []]) {
      expect(await answerIpc(createGate(), { channel: 'app:info', sender, args })).toEqual({
        ok: true,
        value: appInfo,
      })
    }
  })

  it('has each channel of the contract do its own', async () => {
    const gate = createGate()
    const said: ReadonlyArray<readonly [DesktopChannel, unknown?]> = [
      ['account:sign-in'],
      ['account:open-page'],
      ['account:cancel-sign-in'],
      ['account:sign-in-with-key', { apiKey: 'pc_live_x' }],
      ['account:sign-out'],
      ['hub:change', { hubUrl: 'https://hub.example.com' }],
      ['secrets:choose', { storage: 'memory' }],
      ['settings:change', { notifies: false }],
      ['notifications:snooze', { minutes: 30 }],
      ['ports:list'],
      ['ports:share', { port: 3000 }],
      ['shares:copy-link', { shareId: 's' }],
      ['shares:open-link', { shareId: 's' }],
      ['shares:extend', { shareId: 's', by: '7d' }],
      ['shares:revoke', { shareId: 's' }],
      ['shares:keep-link', { shareId: 's', url: 'https://x.example/' }],
      ['clipboard:write', { text: 'a link' }],
    ]
    for (const [channel, input] of said) {
      expect([channel, await answerIpc(gate, { channel, sender, args: [input] })]).toMatchObject([
        channel,
        { ok: true },
      ])
    }
    expect(gate.desktop.calls).toEqual([
      ['signIn'],
      ['openSignInPage'],
      ['cancelSignIn'],
      ['signInWithKey', 'pc_live_x'],
      ['signOut'],
      ['changeHub', 'https://hub.example.com'],
      ['chooseSecretStorage', 'memory'],
      ['changeSettings', { notifies: false }],
      ['snooze', 30],
      ['listPorts'],
      ['sharePort', { port: 3000, host: '127.0.0.1' }],
      ['copyLink', 's'],
      ['openLink', 's'],
      ['extendShare', 's', '7d'],
      ['revokeShare', 's'],
      ['keepLink', 's', 'https://x.example/'],
    ])
    expect(writeClipboard).toHaveBeenCalledExactlyOnceWith('a link')
    expect(new Set(said.map(([channel]) => channel)).size + 2).toBe(channels.length)
  })

  it.each([
    ['another site', { url: 'https://example.com/', isMainFrame: true }],
    ['a look-alike host', { url: 'app://private-connect.example.com/', isMainFrame: true }],
    ['a file', { url: 'file:///app/index.html', isMainFrame: true }],
    ['a frame inside the window', { url: sender.url, isMainFrame: false }],
    ['a frame that is gone', { url: '', isMainFrame: false }],
  ])('refuses %s before looking at what it sent', async (_who, stranger) => {
    const gate = createGate()
    for (const channel of channels) {
      const reply = await answerIpc(gate, { channel, sender: stranger, args: [] })
      expect(reply).toEqual({ ok: false, message: 'This page may not talk to the app.' })
    }
    expect(gate.desktop.calls).toEqual([])
  })

  it('passes a Failure’s words on, with what to do about it', async () => {
    const refusal = new Failure('nothingListens', 'Nothing listens at port 3000.', {
      hint: 'Start your app first.',
    })
    const gate = createGate({ 'ports:share': () => Promise.reject(refusal) })
    const reply = await answerIpc(gate, { channel: 'ports:share', sender, args: [{ port: 3000 }] })
    expect(reply).toEqual({ ok: false, message: 'Nothing listens at port 3000. Start your app first.' })
    expect(logError).not.toHaveBeenCalled()
  })

  it('logs any other failure and shows none of it', async () => {
    const gate = createGate({ 'app:info': () => Promise.reject(new Error('EACCES /home/ada/secret')) })
    const reply = await answerIpc(gate, { channel: 'app:info', sender, args: [] })
    expect(reply).toEqual({ ok: false, message: 'Something went wrong in the app.' })
    expect(logError).toHaveBeenCalledOnce()
  })

  it('does not pass on an answer that breaks the contract', async () => {
    const gate = createGate({ 'app:info': () => ({ ...appInfo, apiKey: 'pc_live_x' }) })
    expect((await answerIpc(gate, { channel: 'app:info', sender, args: [] })).ok).toBe(false)
  })
})

const runsTotal = 100_000
const hostileKeys = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'then',
  'shareId',
  'port',
  'text',
)
const anything = fc.anything({
  key: fc.oneof(hostileKeys, fc.string()),
  withBigInt: true,
  withMap: true,
  withSet: true,
  withDate: true,
  withTypedArray: true,
  withSparseArray: true,
  withNullPrototype: true,
})
const huge = fc.oneof(
  fc.integer({ min: 1, max: 200_000 }).map((length) => 'x'.repeat(length)),
  fc.integer({ min: 1, max: 5_000 }).map((length) => Array.from({ length }, () => 'x')),
)
const fields = fc.dictionary(
  fc.constantFrom(
    'port',
    'host',
    'name',
    'shareId',
    'url',
    'hubUrl',
    'apiKey',
    'minutes',
    'storage',
    'text',
    'by',
    'ignoredProcesses',
    'allowedPaths',
    '__proto__',
  ),
  fc.oneof(
    { weight: 5, arbitrary: anything },
    { weight: 1, arbitrary: huge },
    { weight: 3, arbitrary: fc.string() },
    { weight: 2, arbitrary: fc.integer() },
  ),
  { maxKeys: 4 },
)
const args = fc.array(fc.oneof(anything, fields, huge), { minLength: 0, maxLength: 2 })

describe('whatever the window sends', () => {
  it.each(channels)('%s: is answered, and reaches the app only as the contract says', async (channel) => {
    const reached: unknown[] = []
    const note = (input: unknown): undefined => void reached.push(input)
    const gate: IpcGate = { ...createGate(), handlers: createNotingHandlers(note) }
    const { input } = desktopSchemas[channel]
    await fc.assert(
      fc.asyncProperty(args, async (sent) => {
        reached.length = 0
        const reply = await answerIpc(gate, { channel, sender, args: sent })
        const isSound = sent.length < 2 && input.safeParse(sent[0]).success
        expect(typeof reply.ok).toBe('boolean')
        expect(reached).toHaveLength(isSound ? 1 : 0)
      }),
      { numRuns: Math.ceil(runsTotal / channels.length) },
    )
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

function createNotingHandlers(note: (input: unknown) => undefined): IpcHandlers {
  return Object.fromEntries(channels.map((channel) => [channel, note])) as unknown as IpcHandlers
}

describe('originOf', () => {
  it('keeps scheme and host, for schemes that Node does not know too', () => {
    expect(originOf('app://private-connect/x?y')).toBe('app://private-connect')
    expect(originOf('http://localhost:5173/')).toBe('http://localhost:5173')
    expect(originOf('not a url')).toBeNull()
  })
})
