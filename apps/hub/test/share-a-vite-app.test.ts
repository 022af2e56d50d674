import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchBrowser } from './kit/browser.ts'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { repositoryRoot } from './kit/processes.ts'
import { sharePort, type SharedPort } from './kit/share.ts'
import { startViteProject, type ViteProject } from './kit/vite-project.ts'

interface Logs {
  readonly logs: ReadonlyArray<Record<string, unknown> & { path: string; statusCode: number }>
}

// Guarantee: a real app that no one here wrote works through its link as it does on the machine that it runs on, each
// request of it is in the log, and revoking ends it.
describe('a Vite React project through its share link', () => {
  let hub: TestHub
  let project: ViteProject
  let shared: SharedPort
  let browser: Browser

  beforeAll(async () => {
    ;[hub, project, browser] = await Promise.all([startTestHub(), startViteProject(), launchBrowser()])
    shared = await sharePort(hub, project.port, ['--name', 'vite demo', '--host', 'localhost'])
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await shared?.stop()
    await Promise.all([project?.stop(), hub?.remove()])
  })

  it('loads with its assets and keeps its state over a hot reload', async () => {
    const page = await browser.newPage({ viewport: { width: 1100, height: 720 } })
    const failures: string[] = []
    page.on('response', (response) => {
      if (response.status() >= 400) failures.push(`${response.status()} ${response.url()}`)
    })
    page.on('pageerror', (error) => failures.push(error.message))

    // Opened by the path form, a browser ends up on the share's own host.
    await page.goto(shared.share.shareUrl)
    expect(page.url()).toBe(shared.share.subdomainUrl)
    await page.getByRole('button', { name: 'Count is 0' }).click()
    await page.getByRole('button', { name: 'Count is 1' }).waitFor()
    const logo = page.getByAltText('React logo')
    await vi.waitFor(
      async () => {
        expect(await logo.evaluate((image: { naturalWidth: number }) => image.naturalWidth)).toBeGreaterThan(
          0,
        )
      },
      { timeout: 10_000 },
    )

    project.edit('src/App.tsx', 'Get started', 'Edited while you watch')
    await page.getByRole('heading', { name: 'Edited while you watch' }).waitFor()
    // A full reload would have lost the count: this came over the WebSocket.
    expect(await page.getByRole('button', { name: 'Count is 1' }).count()).toBe(1)
    expect(failures).toEqual([])

    const folder = join(repositoryRoot, 'test-results')
    mkdirSync(folder, { recursive: true })
    await page.screenshot({ path: join(folder, 'shared-vite-app.png') })
    await page.close()
  })

  it('logs each request with the documented fields', async () => {
    const logs = await vi.waitFor(
      async () => {
        const answer = await hub.api<Logs>('GET', `/v1/shares/${shared.share.id}/logs?limit=100`)
        expect(answer.status).toBe(200)
        const paths = answer.body.logs.map(({ path }) => path)
        expect(paths).toEqual(expect.arrayContaining(['/', '/src/main.tsx', '/src/App.tsx', '/@vite/client']))
        return answer.body.logs
      },
      { timeout: 10_000 },
    )
    const entry = logs.find(({ path, statusCode }) => path === '/src/main.tsx' && statusCode === 200)
    expect(entry).toMatchObject({
      id: expect.stringMatching(/^log_/),
      shareId: shared.share.id,
      ipAddress: '127.0.0.1',
      userAgent: expect.stringContaining('Chrome'),
      method: 'GET',
      latencyMs: expect.any(Number),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    })
  })

  it('answers 403 to the next request after a revoke', async () => {
    expect((await fetch(`${shared.share.shareUrl}/`)).status).toBe(200)
    const revoked = await hub.api('DELETE', `/v1/shares/${shared.share.id}`)
    expect(revoked).toEqual({ status: 200, body: { success: true } })
    const answer = await fetch(`${shared.share.shareUrl}/`)
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'share.inactive' })
  })
})
