import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { electronArgs, electronEnv, launchApp, type RunningApp } from './kit/launch-app.ts'

/*
 * Guarantee: the app opens a window that says what it is and what to do first, that fits a narrow screen, and that a second start
 * shows again instead of starting a second app. Runs in a real Electron 33.2.1.
 */
const deadline = { timeout: 10_000 }
let running: RunningApp

beforeAll(async () => {
  running = await launchApp()
})

afterAll(() => running.close())

describe('the window', () => {
  it('names the app, its version and the first step', async () => {
    const { page } = running
    expect(await page.title()).toBe('Private Connect')
    await page.getByRole('button', { name: 'Sign in with the browser' }).waitFor()
    await page.getByText(`Private Connect ${manifest.version} on Electron 33.2.1`).waitFor()
  })

  it('fits a narrow window without a sideways scroll bar', async () => {
    const { app, page } = running
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(420, 480))
    await vi.waitFor(
      async () => expect(await page.evaluate(() => innerWidth)).toBeLessThanOrEqual(420),
      deadline,
    )
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    )
  })

  it('is shown again by a second start, which ends', async () => {
    const { app, userDataDir } = running
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
    const { executablePath, env } = electronEnv()
    const second = spawn(executablePath, electronArgs(userDataDir), { env, stdio: 'ignore' })
    const [code] = (await once(second, 'exit')) as [number | null]
    expect(code).toBe(0)
    await vi.waitFor(async () => {
      const shown = await app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((w) => w.isVisible()),
      )
      expect(shown).toEqual([true])
    }, deadline)
  })
})
