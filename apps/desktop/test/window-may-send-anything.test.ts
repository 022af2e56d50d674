// Guarantee (CASES ELE-04): whatever the window's page sends, through the bridge and in any shape, is answered or refused; the main
// process does nothing that the contract does not name, and lives on. The same by the hundred thousand, without a window, is in
// src/main/window/answer-ipc.test.ts.
import { desktopSchemas } from '@private-connect/ui/desktop'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchWindowApp, type WindowApp } from './kit/window-app.ts'

const channels = Object.keys(desktopSchemas)
let running: WindowApp

beforeAll(async () => {
  running = await launchWindowApp()
  await running.page.getByRole('heading', { name: 'Sign in to your hub' }).waitFor()
  await running.app.evaluate(() => globalThis.parts.desktop.calls.splice(0))
})

afterAll(async () => running?.close())

describe('the main process', () => {
  it('refuses what is not in the contract, whatever it is made of', async () => {
    const outcomes = await running.page.evaluate(sendNonsense, channels)
    expect(outcomes.sent).toBeGreaterThan(800)
    // An empty change and the end of a snooze are sound, and change nothing.
    expect(new Set(outcomes.taken)).toEqual(
      new Set(['settings:change object ', 'notifications:snooze object minutes']),
    )
    const calls = await running.app.evaluate(() => globalThis.parts.desktop.calls)
    expect(new Set(calls.map((call) => JSON.stringify(call)))).toEqual(
      new Set(['["changeSettings",{}]', '["snooze",null]']),
    )
    expect(await running.app.evaluate(() => 'polluted' in {})).toBe(false)
  })

  it('has no other channel', async () => {
    const names = [
      '',
      'nothing',
      'toString',
      '__proto__',
      '../private-connect:app:info',
      'ELECTRON_BROWSER_REQUIRE',
    ]
    const refused = await running.page.evaluate(async (names) => {
      const call = window.privateConnect.call as (channel: unknown) => Promise<unknown>
      return Promise.all(
        [...names, 7, null, {}, []].map(async (name) =>
          call(name).then(
            () => 'answered',
            () => 'refused',
          ),
        ),
      )
    }, names)
    expect(new Set(refused)).toEqual(new Set(['refused']))
  })

  it('answers as before', async () => {
    const reply = await running.page.evaluate(() => window.privateConnect.call('app:info'))
    expect(reply).toMatchObject({ ok: true, value: { name: 'Private Connect' } })
  })
})

/** Runs in the page: every channel with every kind of nonsense; those that were taken as sound, with what. */
async function sendNonsense(channels: readonly string[]) {
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  const big = 'x'.repeat(2_000_000)
  const proto = JSON.parse(
    '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
  ) as unknown
  const fields = [
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
    'defaultExpiry',
  ]
  const values: readonly unknown[] = [
    null,
    0,
    -1,
    Number.NaN,
    1e308,
    7n,
    true,
    '',
    big,
    [],
    [[]],
    {},
    proto,
    circle,
    new Date(0),
    /x/,
    new Map([[1, 2]]),
    new Set([1]),
    new Uint8Array(70_000),
    new Error('x'),
    Object.create(null),
    { toString: 1 },
    Array.from({ length: 20_000 }, () => 'x'),
    ...fields.flatMap((field) => [
      { [field]: null },
      { [field]: {} },
      { [field]: [big] },
      { [field]: -1, extra: 1 },
    ]),
    Symbol('x'),
    () => 1,
    globalThis.document,
  ]
  const call = window.privateConnect.call as (channel: string, input: unknown) => Promise<{ ok: boolean }>
  const taken: string[] = []
  let sent = 0
  for (const channel of channels) {
    for (const value of values) {
      sent += 1
      // What cannot be cloned fails before it leaves the page.
      const isTaken = await (async () => (await call(channel, value)).ok)().catch(() => false)
      if (isTaken) taken.push(`${channel} ${typeof value} ${String(Object.keys(Object(value)))}`)
    }
  }
  return { sent, taken }
}
