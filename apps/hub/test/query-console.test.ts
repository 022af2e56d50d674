// Guarantee (issue 5, DBQ-14): a database share opened in a browser is a console that works in both forms of the link, also
// where it is sandboxed on the hub's origin; what a database holds is text there, never markup or script.
import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from './kit/browser.ts'
import { startInnerHub, type InnerHub } from './kit/hub-in-process.ts'
import { registerDatabase, shareDatabase, type DatabaseShare } from './kit/shared-database.ts'
import { startTargetDatabase, type TargetDatabase } from './kit/target-database.ts'

let target: TargetDatabase
let browser: Browser

beforeAll(async () => {
  target = await startTargetDatabase()
  browser = await launchBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await target?.stop()
})

const forms = {
  subdomain: {},
  // Without a host for shares the page stands on the hub's own origin.
  'sandboxed path': { LINK_URL: 'http://links.example.test' },
} as const

describe.each(Object.entries(forms))('the %s form', (name, settings) => {
  let hub: InnerHub
  let share: DatabaseShare
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    hub = await startInnerHub(settings)
    share = await shareDatabase(hub, await registerDatabase(hub, target), { name: '<b>shop</b> & "co"' })
    page = await browser.newPage()
    page.on('pageerror', (error) => problems.push(String(error)))
    await page.goto(`${hub.url.replace('127.0.0.1', 'localhost')}/shared/${share.token}`)
  }, 120_000)
  afterAll(async () => {
    await page?.close()
    await hub?.remove()
  })

  const run = async (query: string, awaited: string) => {
    const asked = await page.locator('#history li').count()
    await page.fill('#query', query)
    await page.keyboard.press('Control+Enter')
    await page.locator('#history li').nth(asked).waitFor()
    await page.waitForSelector(`${awaited}:not([hidden])`)
  }

  it('is where it belongs, and says what it is', async () => {
    expect(new URL(page.url()).hostname.startsWith('share-tok-')).toBe(name === 'subdomain')
    expect(await page.textContent('h1')).toBe('<b>shop</b> & "co"')
    expect(await page.textContent('.facts')).toContain('read-only')
    expect(await page.evaluate('self.origin')).toBe(
      name === 'subdomain' ? new URL(page.url()).origin : 'null',
    )
  })

  it('shows an answer, as a table and as JSON', async () => {
    await run('SELECT id, email FROM users ORDER BY id LIMIT 2', '#result')
    expect(await page.locator('#head .name').allTextContents()).toEqual(['id', 'email'])
    expect(await page.locator('#body td').allTextContents()).toEqual([
      '1',
      '1',
      'user1@example.com',
      '2',
      '2',
      'user2@example.com',
    ])
    await page.click('#as-json')
    expect(JSON.parse((await page.textContent('#json-view')) ?? '')).toHaveLength(2)
    await page.click('#as-table')
  })

  it('runs nothing that a database holds', async () => {
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
    await run(`SELECT '${hostile}' AS "${hostile.replaceAll('"', "'")}"`, '#result')
    expect(await page.locator('#body td').last().textContent()).toBe(hostile)
    expect(await page.locator('#body img, #head img, #body script').count()).toBe(0)
    expect(await page.title()).toContain('shop')
  })

  it('points at what is wrong', async () => {
    await run('SELECT id,\n  emial FROM users', '#problem')
    expect(await page.textContent('#problem-text')).toContain('emial')
    expect(await page.textContent('#problem-place')).toBe('2:   emial FROM users\n     ▲')
    await run('DROP TABLE users', '#problem')
    expect(await page.isHidden('#result')).toBe(true)
  })

  it('brings earlier queries back', async () => {
    await page.focus('#query')
    await page.keyboard.press('Alt+ArrowUp')
    expect(await page.inputValue('#query')).toBe('DROP TABLE users')
    await page.keyboard.press('Alt+ArrowUp')
    expect(await page.inputValue('#query')).toContain('emial')
    expect(await page.locator('#history li').count()).toBe(4)
  })

  it('says when there is more, and gives a CSV in which nothing is a formula', async () => {
    await run("SELECT '=1+1' AS a, n AS b FROM generate_series(1, 5000) n", '#truncated')
    expect(await page.textContent('#summary')).toMatch(/^1,000 rows/)
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#csv')])
    const csv = readFileSync(await download.path(), 'utf8')
    expect(csv.split('\r\n').slice(0, 2)).toEqual(['\uFEFFa,b', "'=1+1,1"])
  })

  it('stops a query, on the server as well', async () => {
    await page.fill('#query', 'SELECT count(*) FROM generate_series(1, 1000000000000) n')
    await page.keyboard.press('Control+Enter')
    await page.waitForSelector('#run.busy')
    await page.keyboard.press('Escape')
    await page.waitForSelector('#problem:not([hidden])')
    expect(await page.textContent('#problem-text')).toMatch(/^Stopped/)
    await expect.poll(countRunning, { timeout: 10_000 }).toBe(0)
  })

  it('had no error of its own', () => {
    expect(problems).toEqual([])
  })
})

async function countRunning(): Promise<number> {
  const text = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'auditor'"
  const { rows } = await target.admin.pool.query<{ n: number }>(text)
  return rows[0]?.n ?? -1
}
