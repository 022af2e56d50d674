import { afterEach, describe, expect, it } from 'vitest'
import { startDeviceFlow, type DeviceFlow } from './device-flow.ts'

/** A hub, or whoever plays one, has the browser open its own page for signing in and no other. */
let flow: DeviceFlow | undefined
afterEach(() => flow?.cancel())

const start = async (
  verificationUriComplete: unknown,
  hubUrl = 'https://hub.example.com',
  change: object = {},
) => {
  const code = {
    deviceCode: 'device_tok_x',
    userCode: 'BCDF-GHJK',
    verificationUri: 'https://hub.example.com/device',
    verificationUriComplete,
    expiresIn: 600,
    interval: 5,
    ...change,
  }
  const fetch = async () => Response.json({ result: { data: { json: code } } })
  flow = await startDeviceFlow({ hubUrl, fetch, hostName: 'test-host' })
  return flow.code.verificationUriComplete
}

describe('the page for signing in', () => {
  it.each([
    ['https://hub.example.com/device#BCDF-GHJK', undefined],
    ['http://localhost:7300/device#BCDF-GHJK', 'http://127.0.0.1:7300'],
  ])('may be %s', async (page, hubUrl) => {
    expect(await start(page, hubUrl)).toBe(page)
  })

  it.each([{ interval: 'soon' }, { expiresIn: null }, { userCode: ['x'] }])(
    'comes with a code, unlike %j',
    async (change) => {
      const started = start('https://hub.example.com/device', undefined, change)
      await expect(started).rejects.toMatchObject({ name: 'Failure' })
    },
  )

  it('is asked after once a second at most, however often the hub would have it', async () => {
    const startedMs = performance.now()
    await start('https://hub.example.com/device', undefined, { interval: -5 })
    await flow?.token
    // Timers may be early by a little.
    expect(performance.now() - startedMs).toBeGreaterThan(990)
  })

  it.each([
    ['https://evil.example/device', undefined],
    ['https://links.example.com/device', undefined],
    ['https://hub.example.com:8443/device', undefined],
    ['http://hub.example.com/device', undefined],
    ['https://ada@hub.example.com/device', undefined],
    ['http://127.0.0.1:631/admin?cancel=all', undefined],
    ['http://127.0.0.1:631/admin?cancel=all', 'http://127.0.0.1:7300'],
    ['file:///etc/passwd', undefined],
    ['smb://hub.example.com/x', undefined],
    ['', undefined],
    [null, undefined],
    [{}, undefined],
  ])('is not %j', async (page, hubUrl) => {
    await expect(start(page, hubUrl)).rejects.toMatchObject({
      name: 'Failure',
      message: expect.stringMatching(/not its own/) as string,
    })
  })
})
