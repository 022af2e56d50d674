// Guarantee (CASES ELE-18): a window whose process crashes comes back with the screen that it showed, the main process and what it
// holds live on; one that does nothing but crash stays away until it is asked for, and so does one that nobody looked at.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { signedIn } from './double/desktop-double.ts'
import { launchWindowApp, type WindowApp } from './kit/window-app.ts'

let window: WindowApp
/** The window that is open now. */
let page: Page

beforeAll(async () => {
  window = await launchWindowApp()
  ;({ page } = window)
  await page.getByRole('heading', { name: 'Sign in to your hub' }).waitFor()
})

afterAll(async () => window?.close())

/** Ends the process of the window that is shown. */
const crash = async (): Promise<void> =>
  window.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  )
const windowCount = async (): Promise<number> =>
  window.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)

describe('a window that crashes', () => {
  // Before those that do nothing but crash: they would stay away in any case.
  it('stays away when nobody looked at it, until it is asked for', async () => {
    await window.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
    await crash()
    await vi.waitFor(async () => expect(await windowCount()).toBe(0), { timeout: 10_000 })
    expect(await window.app.evaluate(() => globalThis.parts.log)).toHaveLength(1)
    const again = window.app.waitForEvent('window')
    await window.app.evaluate(() => globalThis.parts.window.show())
    page = await again
    await page.getByRole('heading', { name: 'Sign in to your hub' }).waitFor()
  })

  it('comes back with the screen that it showed and what has happened meanwhile', async () => {
    await window.app.evaluate(() => globalThis.parts.window.show('/settings'))
    await vi.waitFor(() => expect(page.url()).toBe('app://private-connect/#/settings'), { timeout: 10_000 })
    const mainPid = await window.app.evaluate(() => process.pid)
    const again = window.app.waitForEvent('window')
    await window.app.evaluate(async () => globalThis.parts.desktop.signIn())
    await crash()
    page = await again
    await page.getByRole('heading', { name: 'Confirm it in your browser' }).waitFor()
    expect(page.url()).toBe('app://private-connect/#/settings')
    expect(await windowCount()).toBe(1)
    expect(await window.app.evaluate(() => process.pid)).toBe(mainPid)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('heading', { name: 'Sign in to your hub' }).waitFor()
  })

  it('stays away when it does nothing but crash, and is shown when it is asked for', async () => {
    for (let more = 0; more < 2; more += 1) {
      const again = window.app.waitForEvent('window')
      await crash()
      await (await again).getByRole('heading', { name: 'Sign in to your hub' }).waitFor()
    }
    await crash()
    await vi.waitFor(async () => expect(await windowCount()).toBe(0), { timeout: 10_000 })
    // Nothing that is told to a window that is not there fails.
    await window.app.evaluate((_electron, account) => globalThis.parts.desktop.change({ account }), signedIn)
    const again = window.app.waitForEvent('window')
    await window.app.evaluate(() => globalThis.parts.window.show())
    // The hub knows nothing of a sign-in.
    await (await again).getByText('The hub has ended this computer’s session.').waitFor()
  })
})
