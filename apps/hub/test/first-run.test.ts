import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from './kit/browser.ts'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { Program, repositoryRoot } from './kit/processes.ts'

const screenshots = join(repositoryRoot, 'test-results')

// Guarantee: on a fresh machine the hub says where it listens and lets its owner in, once, on this machine.
describe('the first run', () => {
  let hub: TestHub
  let browser: Browser

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true })
    ;[hub, browser] = await Promise.all([startTestHub(), launchBrowser()])
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await hub?.remove()
  })

  it('prints where it listens and the line to type next', () => {
    expect(hub.program.output).toMatch(/Private Connect is running\./)
    expect(hub.program.output).toContain(`npx private-connect share 3000`)
  })

  it('signs the owner in by a click, makes an API key, and the link works once', async () => {
    const page = await browser.newPage({ viewport: { width: 900, height: 760 }, colorScheme: 'light' })
    await page.goto(hub.signInUrl)
    await page.getByRole('heading', { name: 'Sign in as owner@localhost?' }).waitFor()
    await page.screenshot({ path: join(screenshots, 'sign-in.png') })
    // Looking is not signing in, and the token is out of sight.
    expect(page.url()).toBe(`${hub.url}/signin`)
    expect(await page.context().cookies()).toEqual([])

    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    const [cookie] = await page.context().cookies()
    expect(cookie).toMatchObject({ name: 'session', httpOnly: true, sameSite: 'Lax' })

    // The same way as the terminal and the dashboard show; a key is for programs.
    expect(await page.getByLabel('Commands that share port 3000').textContent()).toBe(
      `npx private-connect login --hub ${hub.url}\nnpx private-connect share 3000 --hub ${hub.url}`,
    )
    await page.getByRole('button', { name: 'Create an API key' }).click()
    const box = page.getByLabel('Command that shares port 3000')
    await box.waitFor()
    const command = await box.textContent()
    const key =
      /PRIVATE_CONNECT_API_KEY=(pc_live_\S+) npx private-connect share 3000/.exec(command ?? '')?.[1] ?? ''
    expect((await fetch(`${hub.url}/v1/shares`, { headers: { 'x-api-key': key } })).status).toBe(200)
    await page.screenshot({ path: join(screenshots, 'signed-in.png') })

    const stranger = await (await browser.newContext({ colorScheme: 'dark' })).newPage()
    await stranger.goto(hub.signInUrl)
    await stranger.getByRole('heading', { name: 'This link cannot sign you in' }).waitFor()
    await stranger.screenshot({ path: join(screenshots, 'sign-in-used.png') })
    await stranger.context().close()
    await page.close()
  })

  it('serves the API reference and the OpenAPI document', async () => {
    const document = (await (await fetch(`${hub.url}/openapi.json`)).json()) as {
      openapi: string
      paths: object
    }
    expect(document.openapi).toMatch(/^3\.1/)
    expect(Object.keys(document.paths)).toContain('/v1/services/{serviceId}/shares')
    const page = await browser.newPage({ viewport: { width: 1100, height: 900 } })
    const problems: string[] = []
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    await page.goto(`${hub.url}/docs`)
    await page.getByText('/v1/services/{serviceId}/shares').first().waitFor()
    await page.screenshot({ path: join(screenshots, 'api-reference.png') })
    expect(problems).toEqual([])
    await page.close()
  })

  it('keeps every secret out of its log', () => {
    const token = hub.signInUrl.split('#')[1] ?? 'missing'
    const log = hub.program.output.replace(hub.signInUrl, '')
    expect(log).not.toContain(token)
    expect(log).not.toContain(hub.apiKey)
    for (const file of readdirSync(hub.dataDir, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.log'),
    )) {
      expect(readFileSync(join(hub.dataDir, file), 'utf8')).not.toContain(token)
    }
  })

  it('names every problem of its configuration and exits 1', async () => {
    const program = new Program(
      ['apps/hub/src/main.ts'],
      { PORT: 'http', HUB_URL: 'nowhere' },
      repositoryRoot,
    )
    expect(await program.exited).toBe(1)
    expect(program.output).toMatch(/Private Connect cannot start:\n {2}- PORT .*\n {2}- HUB_URL .*\n$/s)
  })

  it('ends in order on SIGTERM with exit code 0 and leaves no database behind', async () => {
    expect(await hub.program.stop('SIGTERM')).toBe(0)
    expect(
      readdirSync(hub.dataDir, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('postmaster.pid'),
      ),
    ).toEqual([])
  })
})
