import { execFileSync, type ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  _electron,
  chromium,
  type Browser,
  type BrowserContext,
  type ElectronApplication,
  type Page,
} from 'playwright-core'
import { openDesktopSession, type DesktopSession } from './desktop-session.ts'
import { startTestHub, type TestHub } from '@private-connect/sharing/testing'
import { connectNotificationDaemon, type NotificationDaemon } from './notification-daemon.ts'
import { openTrayMenu, type TrayMenu } from './tray-menu.ts'

/** A person's desktop with notifications, a keyring and a clipboard; a hub; and a browser for owner and visitors. */
export interface WorldWithoutTray {
  readonly session: DesktopSession
  readonly notifications: NotificationDaemon
  readonly hub: TestHub
  /** Debian's Chromium. */
  readonly browser: Browser
  /** Of that browser: where the hub's owner is signed in. */
  readonly owner: BrowserContext
  /** What a program started on this desktop sees. */
  readonly env: Readonly<Record<string, string>>
  /** Where an app keeps its files. */
  readonly folder: string
  clipboard(): string
  /** Addresses that programs asked the desktop to open, oldest first. */
  openedPages(): string[]
  /** Writes what is on the screen to a file. */
  shootScreen(file: string): void
  close(): Promise<void>
}

export interface DesktopWorld extends WorldWithoutTray {
  readonly tray: TrayMenu
}

export async function openWorld(): Promise<DesktopWorld> {
  const world = await openWorldWithoutTray()
  const tray = await openTrayMenu(world.session.env['DBUS_SESSION_BUS_ADDRESS'] ?? '')
  const close = async (): Promise<void> => {
    tray.close()
    await world.close()
  }
  return { ...world, tray, close }
}

/** `settings` are what the session's own programs see. */
export async function openWorldWithoutTray(
  settings: Readonly<Record<string, string>> = {},
): Promise<WorldWithoutTray> {
  const folder = mkdtempSync(join(tmpdir(), 'pc-desktop-world-'))
  const openedFile = join(folder, 'opened')
  const [session, hub, browser] = await Promise.all([
    openDesktopSession(settings),
    startTestHub(),
    launchChromium(),
  ])
  const env = {
    ...process.env,
    ...settings,
    ...session.env,
    PATH: writeOpener(folder, openedFile),
  } as Record<string, string>
  const owner = await signOwnerIn(browser, hub)
  return {
    session,
    notifications: connectNotificationDaemon(session.env),
    hub,
    browser,
    owner,
    env,
    folder,
    clipboard: () => execFileSync('xclip', ['-selection', 'clipboard', '-o'], { env, encoding: 'utf8' }),
    openedPages: () =>
      existsSync(openedFile) ? readFileSync(openedFile, 'utf8').split('\n').filter(Boolean) : [],
    shootScreen: (file) => void execFileSync('import', ['-window', 'root', file], { env }),
    async close() {
      await Promise.all([browser.close(), hub.remove()])
      await session.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Puts the program that opens addresses into a folder of its own, which only writes them down; answers the path to find it by. */
function writeOpener(folder: string, openedFile: string): string {
  const programs = join(folder, 'bin')
  mkdirSync(programs)
  const opener = join(programs, 'xdg-open')
  writeFileSync(opener, `#!/bin/sh\nprintf '%s\\n' "$1" >> '${openedFile}'\n`)
  chmodSync(opener, 0o755)
  return `${programs}:${process.env['PATH'] ?? ''}`
}

/** It says to be what people have: without a screen it would count as a robot, of whose visits nobody is told. */
async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
    ],
  })
}

async function signOwnerIn(browser: Browser, { signInUrl }: TestHub): Promise<BrowserContext> {
  const owner = await browser.newContext()
  const page = await owner.newPage()
  await page.goto(signInUrl)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Open the dashboard' }).waitFor()
  await page.close()
  return owner
}

export interface LaunchedApp {
  readonly app: ElectronApplication
  /** Playwright knows it no more once it has ended. */
  readonly program: ChildProcess
  readonly page: Page
}

export interface LaunchOptions {
  readonly executable: string
  /** The folder of the world where it keeps its files. */
  readonly userDataDir?: string
  /** Which of Linux's stores for keys Chromium takes; by itself it chooses by the desktop's name. */
  readonly passwordStore?: 'gnome-libsecret' | 'basic'
}

/** Starts the app on that desktop, and waits for its window. Root needs --no-sandbox. */
export async function launchInWorld(world: WorldWithoutTray, options: LaunchOptions): Promise<LaunchedApp> {
  const {
    executable,
    userDataDir = join(world.folder, 'user-data'),
    passwordStore = 'gnome-libsecret',
  } = options
  const app = await _electron.launch({
    executablePath: executable,
    env: world.env,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      `--user-data-dir=${userDataDir}`,
      `--password-store=${passwordStore}`,
    ],
  })
  return { app, program: app.process(), page: await app.firstWindow() }
}

/** The app signs in by the device flow in its window; the owner lets it in, in the browser. */
export async function letIn(world: WorldWithoutTray, window: Page): Promise<void> {
  const { hub, owner } = world
  await window.getByRole('button', { name: 'Change the hub' }).waitFor()
  if ((await window.getByText(hub.url, { exact: true }).count()) === 0) await useHub(window, hub.url)
  await window.getByRole('button', { name: 'Sign in with the browser' }).click()
  await window.getByRole('heading', { name: 'Confirm it in your browser' }).waitFor()
  const page = await owner.newPage()
  await page.goto(world.openedPages().at(-1) ?? '')
  await page.getByRole('button', { name: 'Let it in' }).click()
  await page.getByRole('heading', { name: 'The device is in' }).waitFor()
  await page.close()
}

async function useHub(window: Page, hubUrl: string): Promise<void> {
  await window.getByRole('button', { name: 'Change the hub' }).click()
  await window.getByLabel('Address of the hub').fill(hubUrl)
  await window.getByRole('button', { name: 'Use this hub' }).click()
  await window.getByText(hubUrl, { exact: true }).waitFor()
}
