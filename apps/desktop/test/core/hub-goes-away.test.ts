import { visit } from '@private-connect/sharing/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startHubAndAppForFile, startSignedInDesktop } from '../kit/core-for-file.ts'
import type { TestDesktop } from '../kit/test-desktop.ts'

/*
 * Guarantee (CASES ELE-17): a link works again after the hub was killed, after this machine slept and after the app was started
 * anew, without anybody's doing; no event is missed or told twice; and whoever leaves says so.
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

const share = async () => running.desktop.sharePort({ port: app.port, host: '127.0.0.1' })
const seqs = () => running.events.map(({ seq }) => seq)

async function isAgentOnline(): Promise<boolean> {
  const agents = (await hub.api('GET', '/v1/agents')).body as unknown as ReadonlyArray<{ isOnline: boolean }>
  return agents.some(({ isOnline }) => isOnline)
}

describe('a hub that is killed and comes back', () => {
  it('finds the same link, and events go on where they were', async () => {
    const shared = await share()
    await vi.waitFor(() => expect(running.events.map(({ type }) => type)).toContain('share.created'), {
      timeout: 10_000,
    })
    await hub.kill()
    const { trouble } = await running.until(({ connection }) => connection === 'offline')
    expect(trouble).toMatch(/^The /)
    await expect(running.desktop.revokeShare(shared.id)).rejects.toMatchObject({ kind: 'hubUnreachable' })
    expect(running.desktop.state.get().shares).toHaveLength(1)
    await hub.start()
    await running.until(({ connection, trouble }) => connection === 'sharing' && trouble === null, 60_000)
    expect((await visit(shared.url)).status).toBe(200)
    await running.until(({ shares }) => shares[0]?.visitorCount === 1, 60_000)
    expect(seqs()).toEqual(seqs().map((_seq, index) => (seqs()[0] ?? 0) + index))
  })
})

describe('a machine that sleeps', () => {
  it('says so, and misses nothing once it is awake', async () => {
    const shared = await share()
    await vi.waitFor(() => expect(running.events.length).toBeGreaterThan(0), { timeout: 10_000 })
    running.desktop.suspend()
    expect(running.desktop.state.get().connection).toBe('offline')
    await vi.waitFor(async () => expect(await isAgentOnline()).toBe(false), 1000)
    expect((await visit(shared.url)).status).toBe(503)
    const before = seqs().at(-1) ?? 0
    expect((await hub.api('DELETE', `/v1/shares/${shared.id}`)).status).toBe(200)
    running.desktop.resume()
    await running.until(({ shares, connection, trouble }) => {
      return shares.length === 0 && connection === 'connected' && trouble === null
    })
    const revoked = running.events.filter(({ type }) => type === 'share.revoked')
    expect(revoked).toHaveLength(1)
    expect(revoked[0]?.seq).toBeGreaterThan(before)
  })
})

describe('an app that is started anew', () => {
  it('serves what was shared, with its links, and told the hub that it left', async () => {
    const shared = await share()
    await visit(shared.url)
    // An event is told at once; the log, which a new start counts, follows within a second.
    const countOf = async () => (await hub.api('GET', `/v1/shares/${shared.id}`)).body['accessCount']
    await vi.waitFor(async () => expect(await countOf()).toBe(1), 10_000)
    const startedMs = performance.now()
    await running.desktop.close()
    expect(performance.now() - startedMs).toBeLessThan(1000)
    await vi.waitFor(async () => expect(await isAgentOnline()).toBe(false), 1000)
    running = await running.restart()
    await running.until(({ connection }) => connection === 'sharing')
    expect((await visit(shared.url)).status).toBe(200)
    const { shares } = running.desktop.state.get()
    expect(shares).toMatchObject([{ id: shared.id, url: shared.url, visitorCount: 1, targetPort: app.port }])
    running.desktop.copyLink(shared.id)
    expect(running.clipboard).toEqual([shared.url])
  })

  it('serves nothing that was revoked meanwhile', async () => {
    const revoked = await share()
    await running.desktop.close()
    await hub.api('DELETE', `/v1/shares/${revoked.id}`)
    running = await running.restart()
    await running.until(({ connection }) => connection === 'connected')
    expect(running.desktop.state.get().shares).toEqual([])
  })
})

describe('a hub that has forgotten this machine', () => {
  it('gets to know it anew, by itself', async () => {
    await share()
    const [agent] = (await hub.api('GET', '/v1/agents')).body as unknown as ReadonlyArray<{ id: string }>
    expect((await hub.api('DELETE', `/v1/agents/${agent?.id}`)).status).toBe(200)
    await running.until(({ shares, connection }) => shares.length === 0 && connection === 'connected', 60_000)
    const again = await share()
    expect((await visit(again.url)).status).toBe(200)
  })
})
