import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { electronArgs, electronEnv } from './kit/launch-app.ts'

/*
 * Guarantee: a privateconnect:// link, which any web page may hold, shows one of the window's screens and does nothing else; what is no such
 * link just shows the window as it is. For the first start and for a second one, in a real Electron 33.2.1.
 */
const deadline = { timeout: 20_000, interval: 20 }
let folder: string
let app: ElectronApplication
let page: Page

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pc-deep-links-'))
  app = await _electron.launch({
    ...electronEnv(),
    args: [...electronArgs(folder), 'privateconnect://webhooks'],
  })
  page = await app.firstWindow()
})

afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

async function startWith(link: string): Promise<void> {
  const { executablePath, env } = electronEnv()
  const second = spawn(executablePath, [...electronArgs(folder), link], { env, stdio: 'ignore' })
  expect(await once(second, 'exit')).toEqual([0, null])
}
const screen = () => page.evaluate(() => location.hash)

it('the first start shows the screen of its link', async () => {
  await vi.waitFor(async () => expect(await screen()).toBe('#/webhooks'), deadline)
})

it('a second start shows the screen of its link in the same window', async () => {
  await startWith('privateconnect://settings/')
  await vi.waitFor(async () => expect(await screen()).toBe('#/settings'), deadline)
  await startWith('privateconnect://shares/share_01kq3v7d2m8x5f9b4n6c0h1jtw')
  await vi.waitFor(
    async () => expect(await screen()).toBe('#/shares/share_01kq3v7d2m8x5f9b4n6c0h1jtw'),
    deadline,
  )
  expect(app.windows()).toHaveLength(1)
})

it.each([
  'privateconnect://shares/../keys',
  'privateconnect://share?port=22',
  'privateconnect://shares/share_1/revoke',
])('%s shows the window as it is', async (link) => {
  const before = await screen()
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
  await startWith(link)
  const isShown = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())
  await vi.waitFor(async () => expect(await isShown()).toBe(true), deadline)
  expect(await screen()).toBe(before)
})
