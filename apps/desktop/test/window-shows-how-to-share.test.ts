import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { desktopDir, electronArgs, electronEnv, launchApp, type RunningApp } from './launch-app.ts'

/*
 * Guarantee: the window says what the app is, its version and how to share from a terminal, readable in light and dark and by
 * assistive technology, and a second start shows the same window instead of a second app. Runs in a real Electron 33.2.1.
 */
const screenshotDir = join(desktopDir, '../../test-results/desktop')
const deadline = { timeout: 10_000 }
let running: RunningApp

beforeAll(async () => {
  await mkdir(screenshotDir, { recursive: true })
  running = await launchApp()
})

afterAll(() => running.close())

describe('the window', () => {
  it('names the app, its version and the commands', async () => {
    const { page } = running
    expect(await page.title()).toBe('Private Connect')
    await page.getByRole('heading', { level: 1, name: 'Private Connect' }).waitFor()
    expect(await page.getByRole('listitem').count()).toBe(3)
    const commands = await page.locator('code').allTextContents()
    expect(commands).toContain('npx private-connect share 3000')
    const version = await page.getByRole('status').textContent()
    expect(version).toBe(`Private Connect ${manifest.version} on Electron 33.2.1`)
  })

  it.each(['light', 'dark'] as const)('is readable in %s', async (scheme) => {
    const { page } = running
    await page.emulateMedia({ colorScheme: scheme })
    await page.screenshot({ path: join(screenshotDir, `window-${scheme}.png`) })
    const ratios = await page.evaluate(measureContrasts)
    expect(ratios.length).toBeGreaterThan(8)
    // WCAG 2.2 AA for text of any size.
    expect(Math.min(...ratios)).toBeGreaterThanOrEqual(4.5)
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

/** Contrast ratio of every element that holds text against the nearest opaque background. Runs in the page. */
function measureContrasts(): number[] {
  const luminance = (color: string): number => {
    const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => {
      const value = Number(part) / 255
      return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const backgroundOf = (element: Element | null): string => {
    if (element === null) return 'rgb(255, 255, 255)'
    const color = getComputedStyle(element).backgroundColor
    return color === 'rgba(0, 0, 0, 0)' ? backgroundOf(element.parentElement) : color
  }
  return [...document.querySelectorAll('h1, h2, h3, p, code')].map((element) => {
    const pair = [luminance(getComputedStyle(element).color), luminance(backgroundOf(element))]
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05)
  })
}
