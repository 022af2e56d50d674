// Guarantee: every screen and dialog of the dashboard, empty, full, waiting and failing, is reached by the labels that its user sees,
// keeps nobody out in light and dark, and fits a phone; none breaks the policy of the hub's pages.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addAxe, findContrastFaults, findViolations } from './kit/axe.ts'
import { launchBrowser } from './kit/browser.ts'
import { emptyScenes } from './kit/screens/empty-scenes.ts'
import { otherScenes } from './kit/screens/other-scenes.ts'
import { Stage, type Scene } from './kit/screens/scene.ts'
import { startScreenWorld, type ScreenWorld } from './kit/screens/screen-world.ts'
import { shareScenes } from './kit/screens/share-scenes.ts'

const desktop = { width: 1200, height: 860 }
const phone = { width: 390, height: 844 }

let world: ScreenWorld
let browser: Browser
let context: BrowserContext
let page: Page
let stage: Stage
const faults: string[] = []

beforeAll(async () => {
  ;[world, browser] = await Promise.all([startScreenWorld(), launchBrowser()])
  context = await browser.newContext({ viewport: desktop, reducedMotion: 'reduce' })
  await addAxe(context)
  page = await context.newPage()
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text())
  })
  await page.goto(world.hub.signInUrl)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Open the dashboard' }).click()
  await page.getByRole('heading', { level: 1, name: 'Shares' }).waitFor()
  stage = new Stage(page, world.hub.url)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await world?.remove()
})

async function check({ go }: Scene): Promise<void> {
  await stage.begin()
  await go(stage)
  expect(await findViolations(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await findContrastFaults(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(phone)
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(phone.width)
  await page.setViewportSize(desktop)
}

describe('a new workspace', () => {
  it.each(emptyScenes)('$title', { timeout: 60_000 }, check)
})

describe('a workspace in use', () => {
  beforeAll(async () => world.fill(), 60_000)

  it.each([...shareScenes, ...otherScenes])('$title', { timeout: 60_000 }, check)
})

it('works under the strict policy, without a fault', () => {
  expect(faults).toEqual([])
})
