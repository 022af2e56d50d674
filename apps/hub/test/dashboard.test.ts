// Guarantee: whoever has no app does everything in a browser: the screens that the hub serves at its root share a service, show
// who came, cut them off, and make keys; under the strict policy of the hub's pages. dashboard-screens.test.ts looks at each screen by itself.
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { launchBrowser } from './kit/browser.ts'
import { startTestHub, type TestHub } from './kit/hub.ts'

describe('the dashboard', () => {
  let hub: TestHub
  let app: Server
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    app = createServer((_request, response) => response.end('the app')).listen(0, '127.0.0.1')
    ;[hub, browser] = await Promise.all([startTestHub(), launchBrowser()])
    if (!app.listening) await once(app, 'listening')
    page = await browser.newPage()
    page.setDefaultTimeout(10_000)
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(hub.signInUrl)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'Open the dashboard' }).click()
    await page.getByRole('heading', { name: 'Shares' }).waitFor()
  })

  afterAll(async () => {
    await browser?.close()
    app?.close()
    await hub?.remove()
  })

  const go = async (screen: string): Promise<void> => {
    await page.getByRole('navigation').getByRole('link', { name: screen }).click()
    await page.getByRole('heading', { name: screen, level: 1 }).waitFor()
  }

  it('shares a service, shows its visitors and cuts them off', async () => {
    await go('Services')
    await page.getByRole('button', { name: 'Add a service' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('staging')
    await page.getByRole('textbox', { name: 'Host' }).fill('127.0.0.1')
    await page.getByRole('textbox', { name: 'Port' }).fill(String((app.address() as AddressInfo).port))
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('staging is added.').waitFor()

    await go('Shares')
    await page.getByRole('button', { name: 'New share' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Design review')
    await page.getByRole('button', { name: 'What visitors may do' }).click()
    await page.getByLabel('Only these paths').fill('/open/*')
    await page.getByText('passes /open/').waitFor()
    await page.getByRole('button', { name: 'Share', exact: true }).click()
    const link = (await page.locator('.secret-value').textContent()) ?? ''
    await page.getByRole('button', { name: 'Done' }).click()
    const token = /share-tok-(\w{26})/.exec(link)?.[1] ?? ''
    const statusOf = async (path: string): Promise<number> =>
      (await fetch(`${hub.url}/shared/share_tok_${token}/${path}`)).status
    expect([await statusOf('open/door'), await statusOf('closed')]).toEqual([200, 403])

    await page.getByRole('link', { name: /Design review/ }).click()
    await page.getByRole('tab', { name: 'Requests' }).click()
    await page.getByRole('cell', { name: '/open/door' }).waitFor()
    await page.getByRole('cell', { name: 'path not allowed' }).waitFor()
    await page.getByRole('textbox', { name: 'Filter' }).fill('status:2xx')
    await page.getByRole('cell', { name: '/closed' }).waitFor({ state: 'detached' })
    await page.getByRole('tab', { name: 'Overview' }).click()
    await page.getByRole('heading', { name: 'Top paths' }).waitFor()

    await page.getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('Whoever had it open is cut off.').waitFor()
    expect(await statusOf('open/door')).toBe(403)
  })

  it('tells of a visit as it happens', async () => {
    const [service] = (await hub.api<{ id: string }[]>('GET', '/v1/services')).body
    const made = await hub.api<{ share: { token: string } }>('POST', `/v1/services/${service?.id}/shares`, {
      name: 'Live demo',
    })
    await go('Activity')
    await page.getByText('Live', { exact: true }).waitFor()
    await fetch(`${hub.url}/shared/${made.body.share.token}/`)
    await page.getByRole('link', { name: 'opened Live demo' }).waitFor()
    await page.getByRole('link', { name: 'Live demo was shared' }).waitFor()
    expect(await page.getByRole('link', { name: 'opened Live demo' }).count()).toBe(1)
  })

  it('makes a webhook, sends it a test and shows the outcome', async () => {
    await go('Webhooks')
    await page.getByRole('button', { name: 'New webhook' }).click()
    await page
      .getByRole('textbox', { name: 'Address' })
      .fill(`http://127.0.0.1:${(app.address() as AddressInfo).port}/hook`)
    await page.getByRole('button', { name: 'Create' }).click()
    expect(await page.locator('.secret-value').textContent()).toMatch(/^whsec_/)
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.getByRole('button', { name: 'Deliveries' }).click()
    await page.getByRole('dialog').getByText('answered 200').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  })

  it('makes a key that works, once shown, and revokes it', async () => {
    await go('API keys')
    await page.getByRole('button', { name: 'New key' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('deploy script')
    await page.getByRole('button', { name: 'Create' }).click()
    const key = (await page.locator('.secret-value').textContent()) ?? ''
    await page.getByRole('button', { name: 'Done' }).click()
    const statusOf = async (): Promise<number> =>
      (await fetch(`${hub.url}/v1/shares`, { headers: { 'x-api-key': key } })).status
    expect(await statusOf()).toBe(200)
    expect(await page.content()).not.toContain(key)
    const card = page.getByRole('listitem').filter({ hasText: 'deploy script' })
    await card.getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('deploy script works no more.').waitFor()
    expect(await statusOf()).toBe(401)
  })

  it('works under the strict policy of the hub’s pages', () => {
    expect(complaints).toEqual([])
  })

  it('has no way to a development server', async () => {
    expect((await fetch(`${hub.url}/dashboard/@vite/client`)).status).toBe(404)
    const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/dashboard/`, 'vite-hmr')
    const outcome = await new Promise((resolve) => {
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode))
      socket.once('open', () => resolve('open'))
    })
    expect(outcome).toBe(404)
  })

  it('signs out', async () => {
    await go('Settings')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'This is a Private Connect hub' }).waitFor()
    expect(await page.context().cookies()).toEqual([])
  })
})
