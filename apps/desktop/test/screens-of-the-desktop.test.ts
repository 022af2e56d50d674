// Guarantee: every screen that only the desktop app has does what it says, by keyboard and for screen readers too, in light and
// dark, empty and failing. The real window in a real Electron 33.2.1, around a desktop that does what the test tells it.
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { DesktopState, ListeningPort } from '@private-connect/ui/desktop'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { signedIn } from './double/desktop-double.ts'
import { startTestHub, type TestHub } from '@private-connect/sharing/testing'
import { signInTo } from './kit/sign-in-to.ts'
import { launchWindowApp, type WindowApp } from './kit/window-app.ts'
import { desktopDir } from './kit/launch-app.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const pictures = join(desktopDir, '../../test-results/desktop')

let window: WindowApp
let hub: TestHub
let page: Page

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true })
  ;[window, hub] = await Promise.all([launchWindowApp(), startTestHub()])
  page = window.page
  page.setDefaultTimeout(10_000)
  const access = { hubUrl: hub.url, authorization: await signInTo(hub) }
  await window.app.evaluate((_electron, access) => {
    globalThis.parts.desktop.access = access
  }, access)
})

afterAll(async () => {
  await window?.close()
  await hub?.remove()
})

const change = async (patch: Partial<DesktopState>): Promise<void> =>
  window.app.evaluate((_electron, patch) => globalThis.parts.desktop.change(patch), patch)
const calls = async (): Promise<readonly unknown[]> =>
  window.app.evaluate(() => globalThis.parts.desktop.calls.splice(0).filter(([name]) => name !== 'listPorts'))
const refuse = async (name: string, sentence: string): Promise<void> =>
  window.app.evaluate(
    (_electron, [name, sentence]) => void globalThis.parts.desktop.refusals.set(name, sentence),
    [name, sentence] as const,
  )
const listen = async (ports: ListeningPort[]): Promise<void> =>
  window.app.evaluate((_electron, ports) => {
    globalThis.parts.desktop.ports = ports
  }, ports)

const settings: DesktopState['settings'] = {
  hubUrl: 'https://hub.example.com',
  startsAtLogin: false,
  notifies: true,
  snoozedUntilMs: null,
  defaultExpiry: '24h',
  ignoredProcesses: [],
}

/** What keeps people out of the screen, in light and in dark; a picture of each for whoever wants to look. */
async function findBarriers(name: string): Promise<string[]> {
  const found: string[] = []
  await page.evaluate(axe)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`) })
    const violations = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
      'axe.run().then(({ violations }) => violations)',
    )
    found.push(...violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes[0]?.html}`))
  }
  const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
  return Number(overflow) > 0 ? [...found, `${String(overflow)} px too wide`] : found
}

const button = (name: string | RegExp) => page.getByRole('button', { name })

describe('signing in', () => {
  beforeEach(async () => {
    await change({
      account: { kind: 'signed-out' },
      settings,
      hasKeyring: true,
      secretStorage: 'keyring',
      trouble: null,
      shares: [],
    })
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in to your hub' }).waitFor()
    await calls()
  })

  it('begins with the hub', async () => {
    expect(await findBarriers('sign-in')).toEqual([])
    expect(await page.getByText('not encrypted').count()).toBe(0)
    await button('Change the hub').press('Enter')
    await page.keyboard.type('http://nothing.example.com')
    await refuse('changeHub', 'Nothing answers at http://nothing.example.com.')
    await page.keyboard.press('Enter')
    await page.getByText('Nothing answers at http://nothing.example.com.').first().waitFor()
    expect(await findBarriers('sign-in-no-hub')).toEqual([])
    await button('Use this hub').click()
    await page.getByText('http://nothing.example.com', { exact: true }).waitFor()
    await page.getByText('The way to this hub is not encrypted').waitFor()
    expect(await findBarriers('sign-in-not-encrypted')).toEqual([])
    expect(await calls()).toEqual([
      ['changeHub', 'http://nothing.example.com'],
      ['changeHub', 'http://nothing.example.com'],
    ])
  })

  it('shows the code that the browser is to confirm, opens its page again, and can be cancelled', async () => {
    await button('Sign in with the browser').click()
    await page.getByText('WDJB-MJHT', { exact: true }).waitFor()
    await page.getByText('Waiting for your answer.').waitFor()
    expect(await findBarriers('sign-in-code')).toEqual([])
    await button('Open the page').click()
    await button('Cancel').click()
    await button('Sign in with the browser').waitFor()
    expect(await calls()).toEqual([['signIn'], ['openSignInPage'], ['cancelSignIn']])
  })

  it.each([
    ['denied', 'The page in the browser said no.'],
    ['expired', 'Nobody confirmed the code in time.'],
    ['session-ended', 'The hub has ended this computer’s session.'],
  ] as const)('says why it was %s', async (ended, sentence) => {
    await change({ account: { kind: 'signed-out', ended } })
    await page.getByText(sentence).waitFor()
    expect(await findBarriers(`sign-in-${ended}`)).toEqual([])
  })

  it('takes an API key, and says what is wrong with it', async () => {
    await button('Use an API key instead').press('Enter')
    await refuse('signInWithKey', 'The hub does not know this key.')
    await page.getByLabel('API key', { exact: true }).fill('pc_live_wrong')
    await button('Sign in with the key').click()
    await page.getByText('The hub does not know this key.').first().waitFor()
    expect(await findBarriers('sign-in-key')).toEqual([])
    await page.getByLabel('API key', { exact: true }).fill(' pc_live_right ')
    await button('Sign in with the key').click()
    await page.getByRole('navigation').waitFor()
    expect(await calls()).toEqual([
      ['signInWithKey', 'pc_live_wrong'],
      ['signInWithKey', 'pc_live_right'],
    ])
    expect(await page.content()).not.toContain('pc_live_right')
  })

  it('asks where to keep the sign-in where there is no keyring', async () => {
    await change({ hasKeyring: false, secretStorage: 'memory' })
    await page.getByText('This system has no keyring.').waitFor()
    expect(await findBarriers('sign-in-no-keyring')).toEqual([])
    await page.getByRole('radio', { name: /Ask again after each start/ }).press('ArrowDown')
    await vi.waitFor(async () => expect(await calls()).toEqual([['chooseSecretStorage', 'plain-file']]), {
      timeout: 10_000,
    })
  })
})

const ports: ListeningPort[] = [
  { port: 5173, host: '127.0.0.1', processName: 'node', framework: 'Vite', kind: 'web' },
  { port: 8000, host: '127.0.0.1', processName: 'python3', framework: null, kind: 'web' },
  { port: 5432, host: '127.0.0.1', processName: 'postgres', framework: 'PostgreSQL', kind: 'database' },
  { port: 22, host: '192.168.1.20', processName: null, framework: null, kind: 'other' },
]

const shares: DesktopState['shares'] = [
  {
    id: 'share_1',
    name: 'Shop, new checkout',
    url: 'http://share-tok-abcdefghijklmnopqrstuvwxyz.hub.example.com/',
    targetHost: '127.0.0.1',
    targetPort: 5173,
    expiresAtMs: Date.now() + 82_000_000,
    visitorCount: 3,
  },
  {
    id: 'share_2',
    name: 'Reports',
    url: null,
    targetHost: '127.0.0.1',
    targetPort: 5432,
    expiresAtMs: Date.now() + 1_200_000,
    visitorCount: 0,
  },
]

describe('the window of whoever is signed in', () => {
  beforeEach(async () => {
    await change({
      account: signedIn,
      settings,
      connection: 'connected',
      trouble: null,
      shares: [],
      hasKeyring: true,
    })
    await page.reload()
    await page.getByRole('navigation').waitFor()
    await listen(ports)
    await calls()
  })

  const go = async (screen: string): Promise<void> => {
    await page.getByRole('navigation').getByRole('link', { name: screen }).click()
    await page.getByRole('heading', { name: screen, level: 1 }).waitFor()
  }

  it('says that nothing listens, and lists what does as soon as it does', async () => {
    await listen([])
    await go('Share a port')
    await page.getByText('Nothing listens on this computer yet').waitFor()
    expect(await findBarriers('share-port-empty')).toEqual([])
    await listen(ports)
    await page.getByText('Vite').waitFor()
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual([
      'Apps',
      'Databases',
      'Others',
      'Other port',
    ])
    expect(await findBarriers('share-port')).toEqual([])
  })

  it('shares a port by one click, and shows its link as text and for a phone', async () => {
    await go('Share a port')
    await button('Share Vite, port 5173').press('Enter')
    await page.getByRole('dialog').getByText('http://share-tok-').waitFor()
    expect(await findBarriers('shared')).toEqual([])
    await button('Copy the link').click()
    await button('Open').click()
    await button('Done').click()
    await page.getByText('Shared', { exact: true }).waitFor()
    expect(await calls()).toEqual([
      ['sharePort', { port: 5173, host: '127.0.0.1' }],
      ['openLink', 'share_51730'],
    ])
    expect(await window.app.evaluate(() => globalThis.parts.clipboard.splice(0))).toEqual([
      `http://share-tok-${'ab'.repeat(13)}.hub.example.com/`,
    ])
  })

  it('shares a port with options', async () => {
    await go('Share a port')
    await button('More for port 5432').press('Enter')
    await page.getByRole('menuitem', { name: 'Share with options …' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Reports')
    await button('What queries may do').click()
    await page.getByLabel('Masked columns').fill('users.email')
    expect(await findBarriers('share-port-options')).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Share', exact: true }).click()
    await page.getByRole('dialog', { name: '“Reports” is shared' }).waitFor()
    await button('Done').click()
    expect(await calls()).toEqual([
      [
        'sharePort',
        { port: 5432, host: '127.0.0.1', name: 'Reports', expiresIn: '24h', maskedColumns: ['users.email'] },
      ],
    ])
  })

  it('shares a port that is not listed, and says what the app says against it', async () => {
    await go('Share a port')
    await page.getByLabel('Port', { exact: true }).fill('9999')
    await refuse('sharePort', 'Nothing listens at 127.0.0.1:9999.')
    await button('Share').last().click()
    await page.getByText('Nothing listens at 127.0.0.1:9999.').waitFor()
    expect(await findBarriers('share-port-refused')).toEqual([])
  })

  it('leaves a process out, and brings it back in the settings', async () => {
    await go('Share a port')
    await button('More for port 8000').click()
    await page.getByRole('menuitem', { name: 'Do not list python3' }).click()
    await page.getByText('python3', { exact: true }).first().waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Change it in the settings' }).click()
    await page.getByRole('row', { name: 'python3' }).press('Delete')
    await page.getByText('None: all are listed.').waitFor()
    expect(await calls()).toEqual([
      ['changeSettings', { ignoredProcesses: ['python3'] }],
      ['changeSettings', { ignoredProcesses: [] }],
    ])
  })

  it('lists the shares of this computer first, with what can be done with each', async () => {
    await go('Shares')
    await page.getByText('Nothing is shared from here.').waitFor()
    expect(await findBarriers('shares-none')).toEqual([])
    await change({ shares, connection: 'sharing' })
    await page.getByText('Shop, new checkout').waitFor()
    await page.getByText('Sharing').waitFor()
    expect(await findBarriers('shares')).toEqual([])
    await button('Copy link').click()
    await page.getByText('The link of Shop, new checkout is copied.').waitFor()
    await button('QR code').click()
    await page.getByRole('figure', { name: 'The link of Shop, new checkout for a phone’s camera' }).waitFor()
    await button('Done').click()
    await button('Extend').first().click()
    await page.getByRole('menuitem', { name: 'End in a week' }).click()
    await button('Revoke').first().click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('Shop, new checkout', { exact: true }).waitFor({ state: 'detached' })
    expect(await calls()).toEqual([
      ['copyLink', 'share_1'],
      ['extendShare', 'share_1', '7d'],
      ['revokeShare', 'share_1'],
    ])
  })

  it('tells what is wrong, on every screen', async () => {
    await change({
      trouble: 'The hub cannot be reached. Its shares are offline until it is back.',
      connection: 'offline',
    })
    await page.getByRole('alert').getByText('The hub cannot be reached.').waitFor()
    await page.getByText('Offline', { exact: true }).waitFor()
    expect(await findBarriers('trouble')).toEqual([])
  })

  it('sets what is set on this computer alone', async () => {
    await change({ settings: { ...settings, ignoredProcesses: ['sshd', 'cupsd'] } })
    await go('Settings')
    await page.getByText(/^Private Connect \d+\.\d+\.\d+ on Electron 33\.2\.1$/).waitFor()
    expect(await findBarriers('settings')).toEqual([])
    await page.getByText('Start when I sign in to this computer').click()
    await button('Snooze …').click()
    await page.getByRole('menuitem', { name: 'For an hour' }).click()
    await page.getByText('Quiet until').waitFor()
    await button('End the snooze').click()
    await button(/One-click shares end/).click()
    await page.getByRole('option', { name: 'In a week' }).click()
    await button('Sign out').click()
    expect(await findBarriers('sign-out')).toEqual([])
    await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in to your hub' }).waitFor()
    expect(await calls()).toEqual([
      ['changeSettings', { startsAtLogin: true }],
      ['snooze', 60],
      ['snooze', null],
      ['changeSettings', { defaultExpiry: '7d' }],
      ['signOut'],
    ])
  })

  it('fits the narrowest window', async () => {
    const resize = async (width: number) =>
      window.app.evaluate(
        ({ BrowserWindow }, width) => BrowserWindow.getAllWindows()[0]?.setSize(width, 760),
        width,
      )
    await change({ shares, connection: 'sharing', trouble: 'The hub cannot be reached.' })
    await resize(420)
    await vi.waitFor(async () => expect(await page.evaluate(() => innerWidth)).toBeLessThanOrEqual(420), {
      timeout: 10_000,
    })
    for (const screen of ['Share a port', 'Shares', 'Settings']) {
      await go(screen)
      expect(await findBarriers(`narrow-${screen.replaceAll(' ', '-').toLowerCase()}`)).toEqual([])
    }
    await resize(1080)
    await vi.waitFor(async () => expect(await page.evaluate(() => innerWidth)).toBeGreaterThan(1000), {
      timeout: 10_000,
    })
  })

  it('goes where menu and notifications ask', async () => {
    await window.app.evaluate(() => globalThis.parts.window.show('/activity'))
    await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    expect(await page.getByRole('link', { name: 'Activity' }).getAttribute('aria-current')).toBe('page')
  })
})
