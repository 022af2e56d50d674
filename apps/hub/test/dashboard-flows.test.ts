// Guarantee: what an owner does in the dashboard beside sharing takes effect: queries run and are stopped on the database's server,
// shares, services, webhooks and mails are changed, a session that is ended elsewhere ends the screens, the keyboard alone
// suffices, and live activity goes on after the hub was away, without a gap and without an echo.
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { launchBrowser } from './kit/browser.ts'
import { startHub, startTestHub, type Hub, type TestHub } from './kit/hub.ts'
import { Stage } from './kit/screens/scene.ts'
import { registerDatabase, shareDatabase } from './kit/shared-database.ts'
import { shareDirectly, type CreatedShare } from './kit/share.ts'
import { startTargetDatabase, type TargetDatabase } from './kit/target-database.ts'

let hub: TestHub
let restarted: Hub | null = null
let app: Server
let target: TargetDatabase
let browser: Browser
let page: Page
let stage: Stage
let share: CreatedShare

const portOf = (server: Server): number => (server.address() as AddressInfo).port
const statusOf = async (token: string, path = ''): Promise<number> =>
  (await fetch(`${hub.url}/shared/${token}/${path}`)).status

beforeAll(async () => {
  app = createServer((request, response) => {
    response.statusCode = request.url === '/broken' ? 410 : 200
    response.end('the app')
  }).listen(0, '127.0.0.1')
  ;[hub, target, browser] = await Promise.all([startTestHub(), startTargetDatabase(), launchBrowser()])
  if (!app.listening) await once(app, 'listening')
  share = await shareDirectly(hub, portOf(app), 'website')
  await shareDatabase(hub, await registerDatabase(hub, target), { maskedColumns: ['users.email'] })
  page = await browser.newPage()
  page.setDefaultTimeout(10_000)
  await page.goto(hub.signInUrl)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Open the dashboard' }).click()
  await page.getByRole('heading', { level: 1, name: 'Shares' }).waitFor()
  stage = new Stage(page, hub.url)
}, 120_000)
beforeEach(async () => stage.begin())
afterAll(async () => {
  await browser?.close()
  await restarted?.program.stop()
  app?.closeAllConnections()
  app?.close()
  await Promise.all([hub?.remove(), target?.stop()])
})

/** Where the focus goes with what the screen shows next, once it shows it. */
const focusComesTo = async (expression: string, value: unknown): Promise<void> =>
  vi.waitFor(async () => expect(await page.evaluate(expression)).toBe(value), { timeout: 10_000 })

describe('the query console', { timeout: 60_000 }, () => {
  const running = async (): Promise<number> => {
    const text =
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'auditor' AND state = 'active'"
    return (await target.admin.pool.query<{ n: number }>(text)).rows[0]?.n ?? -1
  }
  const ask = async (query: string): Promise<void> => {
    await stage.openShare('audit', 'Queries')
    await page.getByLabel('Query').fill(query)
    await page.getByLabel('Query').press('Control+Enter')
  }

  it('shows rows, masked, and keeps what was asked', async () => {
    await ask('SELECT id, email FROM users ORDER BY id')
    await page.getByText(/^25 rows in/).waitFor()
    expect(await page.getByRole('cell', { name: '***', exact: true }).count()).toBeGreaterThan(5)
    expect(await page.content()).not.toContain('user1@example.com')
    await page.getByText('your workspace, from').waitFor()
    await page.getByLabel('Query').fill('')
    await stage.press('Use again')
    expect(await page.getByLabel('Query').inputValue()).toBe('SELECT id, email FROM users ORDER BY id')
  })

  it('reads on in a long answer, of which few rows exist at a time', async () => {
    await ask('SELECT n, n * 2 AS twice FROM generate_series(1, 5000) AS n')
    await page.getByText('There is more').waitFor()
    expect(await page.locator('tbody tr').count()).toBeLessThan(100)
    await page.evaluate("document.querySelector('.virtual').scrollTo(0, 1e6)")
    await page.getByRole('cell', { name: '2000', exact: true }).waitFor()
  })

  it('says where a query is wrong', async () => {
    await ask('SELECT id,\n  nothing FROM users')
    const told = await page.getByRole('alert').textContent()
    expect(told).toContain('column "nothing" does not exist')
    expect(told).toContain('Line 2, character 14 of the query:')
  })

  it.each([
    ['Stop', async () => stage.press('Stop')],
    ['Escape', async () => page.getByLabel('Query').press('Escape')],
    ['leaving the screen', async () => stage.open('Agents')],
  ])('cancels on the database’s server by %s', async (_way, stop) => {
    await ask("SELECT count(*) FROM generate_series(1, 1e9) AS n WHERE n::text LIKE '%x'")
    await vi.waitFor(async () => expect(await running()).toBe(1), 10_000)
    await stop()
    await vi.waitFor(async () => expect(await running()).toBe(0), 10_000)
  })
})

describe('a share', { timeout: 60_000 }, () => {
  it('is narrowed, extended, and given a new link', async () => {
    expect(await statusOf(share.token, 'closed')).toBe(200)
    await stage.openShare('website')
    await stage.press('Change')
    await page.getByLabel('Only these paths').fill('/open/*')
    await stage.press('Save')
    await page.getByText('Saved. It holds from the next request on.').waitFor()
    expect([await statusOf(share.token, 'closed'), await statusOf(share.token, 'open/x')]).toEqual([403, 200])

    await stage.begin()
    await stage.press('Extend', stage.card('website'))
    await page.getByRole('menuitem', { name: 'End in 30 days' }).click()
    await stage.card('expires in 30 days').waitFor()

    await stage.press('New link', stage.card('website'))
    await stage.press('Make a new link')
    const link = (await page.locator('.secret-value').textContent()) ?? ''
    await page.getByRole('figure', { name: 'The link of website as a QR code' }).waitFor()
    const token = `share_tok_${/share-tok-(\w{26})/.exec(link)?.[1]}`
    expect([await statusOf(share.token, 'open/x'), await statusOf(token, 'open/x')]).toEqual([403, 200])
    share = { ...share, token }
  })

  it('shows its requests by what the buttons write, and one in full', async () => {
    await statusOf(share.token, 'secret-door')
    await stage.openShare('website', 'Requests')
    const answered = page.getByRole('cell', { name: '200', exact: true }).first()
    await answered.waitFor()
    await stage.press('Refused by the hub')
    await answered.waitFor({ state: 'detached' })
    await stage.press('/secret-door')
    await page.getByRole('dialog').getByText('403: path not allowed').waitFor()
    await stage.press('Only this address')
    expect(await page.getByRole('textbox', { name: 'Filter' }).inputValue()).toBe('ip:127.0.0.1')
  })
})

describe('the rest of a workspace', { timeout: 60_000 }, () => {
  it('checks a service, and finds it away after a change', async () => {
    await stage.open('Services')
    await stage.press('Check now', stage.card('website'))
    await page.getByText('Connection: found').waitFor()
    await stage.press('Change', stage.card('website'))
    await page.getByRole('textbox', { name: 'Port' }).fill('9')
    await stage.press('Save')
    await page.getByText('website is changed.').waitFor()
    await stage.press('Check now', stage.card('website'))
    await page.getByText('Connection: failed').waitFor()
    await stage.card('website').getByText('Does not answer').waitFor()
    await stage.press('Change', stage.card('website'))
    await page.getByRole('textbox', { name: 'Port' }).fill(String(portOf(app)))
    await stage.press('Save')
    // It closes once the change is saved.
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const { body } = await hub.api<{ name: string; targetPort: number }[]>('GET', '/v1/services')
    expect(body.find(({ name }) => name === 'website')?.targetPort).toBe(portOf(app))
  })

  it('turns mail alerts on', async () => {
    await stage.open('Settings')
    await page.getByText('When a machine is away').click()
    await page.getByText('Saved.').waitFor()
    const { body } = await hub.api<{ mailAlerts: object }>('GET', '/v1/workspace')
    expect(body.mailAlerts).toEqual({ agentOffline: true, shareExpiring: false })
  })

  it('changes a webhook, gives it a new secret, and sends again what was given up', async () => {
    const hook = `http://127.0.0.1:${portOf(app)}`
    await hub.api('POST', '/v1/webhooks', { url: `${hook}/broken`, events: ['share.revoked'] })
    await stage.open('Webhooks')
    await stage.press('Send a test')
    await page.getByText('Ended by its endpoint').waitFor()
    await stage.press('Change')
    await page.getByRole('textbox', { name: 'Address' }).fill(`${hook}/mended`)
    await stage.press('Save')
    await page.getByText('The webhook is changed.').waitFor()
    await stage.press('Switch on')
    await page.getByText('It is on again.').waitFor()
    await stage.press('Deliveries')
    await stage.press('Send again what was given up')
    await page.getByRole('dialog').getByText('answered 200').waitFor()
    await stage.press('Close')
    await stage.press('New secret')
    await stage.press('Make a new secret')
    expect(await page.locator('.secret-value').textContent()).toMatch(/^whsec_/)
    await stage.press('Done')
    await page.getByText('its former secret ends').waitFor()
  })

  it('needs nothing but the keyboard', async () => {
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await focusComesTo('document.activeElement.id', 'content')
    await page.getByRole('button', { name: 'New share' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await focusComesTo("document.activeElement.closest('[role=dialog]') !== null", true)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await focusComesTo('document.activeElement.textContent.trim()', 'New share')
    await page.getByRole('link', { name: 'Activity', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Activity' }).waitFor()
    await focusComesTo('document.activeElement.id', 'content')
    await vi.waitFor(async () => expect(await page.title()).toBe('Activity · Private Connect'), {
      timeout: 10_000,
    })
  })
})

describe('live activity', { timeout: 90_000 }, () => {
  it('goes on after the hub was away, without a gap and without an echo', async () => {
    await stage.open('Activity')
    await page.getByText('Live', { exact: true }).waitFor()
    await hub.program.stop('SIGKILL')
    await page.getByText('Live', { exact: true }).waitFor({ state: 'detached' })
    restarted = await startHub(hub.dataDir, { PORT: String(hub.port) })
    await hub.api('PATCH', `/v1/shares/${share.id}`, { allowedPaths: null })
    const { status } = await hub.api('DELETE', `/v1/shares/${share.id}`)
    expect(status).toBe(200)
    await page.getByText('website was revoked').waitFor({ timeout: 30_000 })
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 30_000 })
    expect(await page.getByText('website was revoked').count()).toBe(1)
    expect(await page.getByText('website was shared').count()).toBe(1)
  })

  it('ends with the session, which another browser has ended', async () => {
    const { cookies } = await page.context().storageState()
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    const headers = { cookie, 'sec-fetch-site': 'same-origin' }
    const answer = await fetch(`${hub.url}/v1/auth/logout`, { method: 'POST', headers })
    expect(answer.status).toBe(200)
    await page.getByRole('heading', { name: 'This is a Private Connect hub' }).waitFor()
  })
})
