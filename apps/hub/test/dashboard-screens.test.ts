// Guarantee: every screen and dialog of the dashboard, empty, full, waiting and failing, is reached by the labels that its user sees,
// keeps nobody out in light and dark, and fits a phone, whatever names are in it; what is wrong with an input is told once, where it is; none breaks the policy of the hub's pages.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
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

describe('names as people type them', () => {
  const word = 'Donaudampfschifffahrtsgesellschaftskapitänsmütze'.repeat(2)

  beforeAll(async () => {
    const make = async <T>(path: string, input: object): Promise<T> => {
      const { status, body } = await world.hub.api<T>('POST', path, input)
      expect([path, status]).toEqual([path, 201])
      return body
    }
    const { service } = await make<{ service: { id: string } }>('/v1/services/external', {
      name: 'w'.repeat(60),
      targetHost: '127.0.0.1',
      targetPort: 9,
      protocol: 'http',
    })
    await make(`/v1/services/${service.id}/shares`, {
      name: word,
      description: word.repeat(3),
      allowedPaths: [`/${'deep/'.repeat(30)}*`],
    })
    await make('/v1/agents/register', { name: 'm'.repeat(60), label: word })
    await make('/v1/webhooks', { url: `http://127.0.0.1:9000/${'hooks/'.repeat(30)}` })
  })
  afterEach(async () => page.setViewportSize(desktop))

  const widthOf = async (size: typeof phone): Promise<number> => {
    await page.setViewportSize(size)
    return page.evaluate('document.documentElement.scrollWidth')
  }

  it.each(['Shares', 'Activity', 'Services', 'Agents', 'Webhooks'])(
    '%s stays as wide as the window',
    async (screen) => {
      await stage.begin()
      await stage.open(screen)
      expect(await widthOf(desktop)).toBeLessThanOrEqual(desktop.width)
      expect(await widthOf(phone)).toBeLessThanOrEqual(phone.width)
    },
  )

  it('a share stays as wide as the window, and what revokes it in sight', async () => {
    await stage.begin()
    await stage.openShare(word)
    expect(await widthOf(desktop)).toBeLessThanOrEqual(desktop.width)
    expect(await widthOf(phone)).toBeLessThanOrEqual(phone.width)
    await stage.press('Revoke')
    const box = await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).boundingBox()
    expect((box?.x ?? phone.width) + (box?.width ?? 0)).toBeLessThanOrEqual(phone.width)
  })
})

describe('a phone', () => {
  beforeAll(async () => page.setViewportSize(phone))
  afterAll(async () => page.setViewportSize(desktop))

  it.each(['Shares', 'Webhooks', 'Settings'])('shows in its navigation that this is %s', async (screen) => {
    // By its address: a press on the navigation would itself bring it into sight.
    await page.goto('about:blank')
    await page.goto(`${world.hub.url}/#/${screen.toLowerCase()}`)
    await page.getByRole('heading', { level: 1, name: screen }).waitFor()
    const box = await page.getByRole('navigation').getByRole('link', { name: screen }).boundingBox()
    expect(box?.x ?? -1).toBeGreaterThanOrEqual(0)
    expect((box?.x ?? phone.width) + (box?.width ?? 0)).toBeLessThanOrEqual(phone.width)
  })

  it('has what sends deliveries again beside or below what chooses among them, never upon it', async () => {
    await stage.begin()
    await stage.open('Webhooks')
    await stage.press('Deliveries')
    const dialog = page.getByRole('dialog')
    // Until its list is there the dialog grows, and what is in it moves.
    await dialog
      .getByText(/Nothing was sent yet|attempt/)
      .first()
      .waitFor()
    const choice = await dialog.getByRole('button', { name: /Show$/ }).boundingBox()
    const again = await dialog.getByRole('button', { name: 'Send again what was given up' }).boundingBox()
    if (choice === null || again === null) throw new Error('One of them is not shown.')
    expect(again.x >= choice.x + choice.width || again.y >= choice.y + choice.height).toBe(true)
  })
})

describe('an input that the hub refuses', () => {
  it('is told once, beside its field', async () => {
    await stage.begin()
    await stage.open('Webhooks')
    await stage.press('New webhook')
    await page.getByLabel('Address').fill('hooks.example.com')
    await stage.press('Create')
    await page
      .getByRole('dialog')
      .getByText(/Must be a URL/)
      .waitFor()
    expect(await page.getByText(/Must be a URL/).count()).toBe(1)
  })

  it('is not told any more once it is mended', async () => {
    await stage.begin()
    await stage.press('New share')
    await page.getByLabel('Name').fill('mended')
    await stage.press('What visitors may do')
    await page.getByLabel('Requests a minute, at most').fill('5000')
    await stage.press('Share')
    await page.locator('.notice-bad').waitFor()
    await page.getByLabel('Requests a minute, at most').fill('500')
    await stage.press('Share')
    await page.getByText('Send this link').waitFor()
    expect(await page.locator('.notice-bad').count()).toBe(0)
  })
})

it('works under the strict policy, without a fault', () => {
  expect(faults).toEqual([])
})
