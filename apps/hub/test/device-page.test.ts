import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from './kit/browser.ts'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { repositoryRoot } from './kit/processes.ts'

interface Code {
  readonly deviceCode: string
  readonly userCode: string
  readonly verificationUriComplete: string
}

let hub: TestHub
let browser: Browser

beforeAll(async () => {
  ;[hub, browser] = await Promise.all([startTestHub(), launchBrowser()])
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await hub?.remove()
})

async function createCode(clientName = 'private-connect on build-laptop'): Promise<Code> {
  const { body } = await hub.api<Code>('POST', '/v1/device/code', { clientName })
  return body
}

const poll = ({ deviceCode }: Code) =>
  hub.api<{ code?: string; token?: string }>('GET', `/v1/device/token?deviceCode=${deviceCode}`)

async function shoot(page: Page, name: string): Promise<void> {
  const folder = join(repositoryRoot, 'test-results')
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

// Guarantee: nobody lets a device in by opening a link: the page says what asks and from where, to whom is signed in,
// and only a click decides; it works by keyboard, in light and dark, and keeps the code out of the address bar.
describe('the page that lets a device in', () => {
  it('sends a stranger to sign in, and comes back with the code', async () => {
    const code = await createCode('<b>laptop</b> & co')
    const page = await browser.newPage({ viewport: { width: 900, height: 760 }, colorScheme: 'light' })
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(code.verificationUriComplete)
    await page.waitForURL(/\/signin\?redirect=/)
    const redirect = new URL(page.url()).search
    const { hash } = new URL(hub.signInUrl)
    await page.goto('about:blank')
    await page.goto(`${hub.url}/signin${redirect}${hash}`)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Let this device in?' }).waitFor()
    expect(page.url()).toBe(`${hub.url}/device`)
    expect(await page.getByText(code.userCode).count()).toBe(1)
    expect(await page.getByText('<b>laptop</b> & co').count()).toBe(1)
    expect(await page.getByText('127.0.0.1').count()).toBe(1)
    expect(await page.getByText('owner@localhost').count()).toBe(1)
    expect((await poll(code)).body.code).toBe('device.authorization_pending')
    await shoot(page, 'device-light')
    await page.getByRole('button', { name: 'Turn it away' }).click()
    await page.getByRole('heading', { name: 'The device was turned away' }).waitFor()

    const second = await createCode()
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.goto('about:blank')
    await page.goto(second.verificationUriComplete)
    await page.getByRole('heading', { name: 'Let this device in?' }).waitFor()
    await shoot(page, 'device-dark')
    // By keyboard alone: from the heading to the first button.
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'The device is in' }).waitFor()
    const { status, body } = await poll(second)
    expect([status, body.token]).toEqual([200, expect.stringMatching(/^sess_/)])

    // A code typed wrongly, then in any spelling.
    const third = await createCode()
    await page.goto('about:blank')
    await page.goto(`${hub.url}/device`)
    await page.getByLabel('Code').fill('BBBB-BBBB')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('alert').filter({ hasText: 'No device shows this code' }).waitFor()
    await shoot(page, 'device-wrong-code')
    await page.getByLabel('Code').fill(third.userCode.toLowerCase().replace('-', ' '))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Let this device in?' }).waitFor()
    expect(errors).toEqual([])
    await page.setViewportSize({ width: 360, height: 740 })
    await shoot(page, 'device-narrow')
  })
})
