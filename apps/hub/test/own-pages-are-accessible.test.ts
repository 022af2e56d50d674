// Guarantee: the hub's own pages keep nobody out, in light and dark, and fit a phone.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addAxe, findViolations } from './kit/axe.ts'
import { launchBrowser } from './kit/browser.ts'
import { startTestHub, type TestHub } from './kit/hub.ts'

let hub: TestHub
let browser: Browser

beforeAll(async () => {
  ;[hub, browser] = await Promise.all([startTestHub(), launchBrowser()])
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await hub?.remove()
})

it.each(['light', 'dark'] as const)('in %s', { timeout: 60_000 }, async (colorScheme) => {
  const context = await browser.newContext({ colorScheme, viewport: { width: 360, height: 740 } })
  await addAxe(context)
  const page = await context.newPage()
  const pages = [
    ['/', 'This is a Private Connect hub'],
    ['/signin', 'Sign in'],
    ['/register', 'Create your account'],
    ['/signin#magic_tok_x', 'This link cannot sign you in'],
  ] as const
  for (const [path, heading] of pages) {
    await page.goto('about:blank')
    await page.goto(hub.url + path)
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
    expect([path, await findViolations(page)]).toEqual([path, []])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  }
  await context.close()
})
