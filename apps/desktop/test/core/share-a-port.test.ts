import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { startLocalApp, visit } from '@private-connect/sharing/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startHubAndAppForFile, startSignedInDesktop } from '../kit/core-for-file.ts'
import type { TestDesktop } from '../kit/test-desktop.ts'

/*
 * Guarantee: one call shares a port: its link is on the clipboard at once and leads to the app, its visitors are counted live,
 * it is extended and revoked from here and from elsewhere, and what goes wrong is said in words with nothing left behind.
 */
const { hub, app } = await startHubAndAppForFile()
let running: TestDesktop

beforeEach(async () => {
  running = await startSignedInDesktop(hub)
})

afterEach(async () => {
  await running.desktop.signOut()
  await running.remove()
})

const share = async (options: object = {}) =>
  running.desktop.sharePort({ port: app.port, host: '127.0.0.1', ...options })
const shown = () => running.desktop.state.get().shares

describe('sharing a port', () => {
  it('puts the link on the clipboard, tells so, and the link leads to the app', async () => {
    const shared = await share()
    expect(running.clipboard).toEqual([shared.url])
    expect(running.notified).toEqual([shared])
    expect(shared).toMatchObject({ name: `test-host-${app.port}`, targetPort: app.port, visitorCount: 0 })
    expect(await visit(shared.url)).toEqual({ status: 200, text: 'app saw GET /' })
    expect(running.desktop.state.get()).toMatchObject({ connection: 'sharing', trouble: null })
    expect(shown()).toMatchObject([{ id: shared.id, url: shared.url }])
  })

  it('is done in half a second on a machine of its own, which `npm run bench:desktop` measures', async () => {
    const tookMs: number[] = []
    for (let round = 0; round < 3; round += 1) {
      const startedMs = performance.now()
      await share({ name: `round ${round}` })
      tookMs.push(performance.now() - startedMs)
    }
    expect(Math.min(...tookMs)).toBeLessThan(5000)
  })

  it('takes options, and the default expiry where none is given', async () => {
    const hourMs = 3_600_000
    await running.desktop.changeSettings({ defaultExpiry: '7d' })
    const byDefault = await share({ name: 'by default' })
    expect((byDefault.expiresAtMs ?? 0) - Date.now()).toBeGreaterThan(6 * 24 * hourMs)
    const narrow = await share({
      name: 'narrow',
      expiresIn: '1h',
      allowedPaths: ['/open'],
      allowedMethods: ['GET'],
    })
    expect((narrow.expiresAtMs ?? 0) - Date.now()).toBeLessThanOrEqual(hourMs)
    expect((await visit(narrow.url)).status).toBe(403)
    expect(shown().map(({ name }) => name)).toEqual(['narrow', 'by default'])
  })

  it('makes one agent of this machine, however many ports are shared at once', async () => {
    const other = await startLocalApp()
    const shared = await Promise.all([share(), share({ port: other.port }), share({ name: 'again' })])
    expect(await Promise.all(shared.map(async ({ url }) => (await visit(url)).status))).toEqual([
      200, 200, 200,
    ])
    expect(await countAgents()).toBe(1)
    await other.close()
  })

  it.each([
    [
      'nothing listens',
      { kind: 'nothingListens', words: /^Nothing listens/ },
      async () => ({ port: await findFreePort() }),
    ],
    [
      'the hub itself',
      { kind: 'usage', words: /the hub itself/ },
      () => ({ port: Number(new URL(hub.url).port) }),
    ],
    [
      'an expiry that the hub does not know',
      { kind: 'usage', words: /^The expiry: Must/ },
      () => ({ expiresIn: '2h' }),
    ],
    ['a host with a path', { kind: 'usage', words: /^The host: Must be/ }, () => ({ host: 'localhost/x' })],
  ])('says in words what is wrong, and leaves nothing: %s', async (_what, { kind, words }, options) => {
    const before = await countShares()
    const failure = await share(await options()).catch((cause: unknown) => cause)
    expect(failure).toMatchObject({ name: 'Failure', kind, message: expect.stringMatching(words) as string })
    expect(await countShares()).toBe(before)
    expect(running.clipboard).toEqual([])
    expect(running.notified).toEqual([])
  })
})

describe('an open share', () => {
  it('counts its visitors as they come, each event being told once', async () => {
    const shared = await share()
    await visit(shared.url)
    await running.until(({ shares }) => shares[0]?.visitorCount === 1)
    await visit(shared.url)
    const accessed = () => running.events.filter(({ type }) => type === 'share.accessed')
    await vi.waitFor(() => expect(accessed()).toHaveLength(1), { timeout: 10_000 })
    expect(new Set(running.events.map(({ seq }) => seq)).size).toBe(running.events.length)
    expect(running.events.map(({ seq }) => seq)).toEqual(
      running.events.map(({ seq }) => seq).toSorted((a, b) => a - b),
    )
  })

  it('is over at once when it is revoked', async () => {
    const shared = await share()
    await visit(shared.url)
    await running.desktop.revokeShare(shared.id)
    expect(shown()).toEqual([])
    expect((await visit(shared.url)).status).toBe(403)
    expect(running.desktop.state.get()).toMatchObject({ connection: 'connected', shares: [] })
    expect(() => running.desktop.copyLink(shared.id)).toThrow('does not have the link')
    await expect(running.desktop.revokeShare('share_none')).rejects.toMatchObject({ code: 'share.not_found' })
  })

  it('goes when it is revoked elsewhere, and when its time is over', async () => {
    const revoked = await share({ name: 'revoked' })
    const expired = await share({ name: 'expired' })
    expect((await hub.api('DELETE', `/v1/shares/${revoked.id}`)).status).toBe(200)
    await running.until(({ shares }) => shares.length === 1)
    const expiresAt = new Date(Date.now() + 1000).toISOString()
    expect((await hub.api('PATCH', `/v1/shares/${expired.id}`, { expiresAt })).status).toBe(200)
    await running.until(({ shares }) => shares.length === 0)
  })

  it('comes when it is opened elsewhere for a port of this machine, without a link', async () => {
    const shared = await share()
    const { body } = await hub.api('GET', `/v1/shares/${shared.id}`)
    const made = await hub.api('POST', `/v1/services/${String(body['serviceId'])}/shares`, {
      name: 'elsewhere',
    })
    expect(made.status).toBe(201)
    const { shares } = await running.until((state) => state.shares.length === 2)
    expect(shares[0]).toMatchObject({ name: 'elsewhere', url: null, targetPort: app.port })
  })

  it('is extended from now on', async () => {
    const shared = await share({ expiresIn: '1h' })
    await running.desktop.extendShare(shared.id, '7d')
    const [extended] = shown()
    expect((extended?.expiresAtMs ?? 0) - (shared.expiresAtMs ?? 0)).toBeGreaterThan(6 * 86_400_000)
    expect(extended?.url).toBe(shared.url)
  })

  it('has its link copied, opened, and kept where the window got another one', async () => {
    const shared = await share()
    running.desktop.copyLink(shared.id)
    await running.desktop.openLink(shared.id)
    expect(running.clipboard).toEqual([shared.url, shared.url])
    expect(running.opened).toEqual([shared.url])
    await running.desktop.keepLink(shared.id, 'https://links.example/rotated')
    expect(shown()[0]?.url).toBe('https://links.example/rotated')
    await expect(running.desktop.keepLink(shared.id, 'javascript:alert(1)')).rejects.toThrow('http or https')
  })
})

describe('the ports that are offered', () => {
  it('leave out ignored processes and the hub', async () => {
    const port = { host: '127.0.0.1', framework: null, kind: 'web' } as const
    running.listening.push(
      { ...port, port: 3000, processName: 'node' },
      { ...port, port: 4000, processName: 'rapportd' },
      { ...port, port: Number(new URL(hub.url).port), processName: 'node' },
    )
    await running.desktop.changeSettings({ ignoredProcesses: ['rapportd'] })
    expect(await running.desktop.listPorts()).toMatchObject([{ port: 3000 }])
  })
})

async function countShares(): Promise<number> {
  const { body } = await hub.api('GET', '/v1/shares?limit=100')
  return (body['shares'] as unknown[]).length
}

async function countAgents(): Promise<number> {
  return ((await hub.api('GET', '/v1/agents')).body as unknown as unknown[]).length
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}
