import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { isPresenting } from '../src/main/notices/presenting.ts'
import { connectSessionBus } from '../src/main/system/session-bus.ts'
import { hasTrayHost } from '../src/main/tray/tray-host.ts'
import { openDesktopSession } from './kit/desktop-session.ts'
import { launchShellApp, type ShellApp } from './kit/shell-app.ts'

/*
 * Guarantee: the tray's menu is what the app is and what listens on the machine, and stays so by itself; each click does what it says; a
 * visitor pops up with a way to the activity and a Revoke button, that work; names of other programs are shown as they are; the login
 * item is a file of the desktop's. In a real Electron 33.2.1 (users get the version of package.json), a tray over D-Bus, and dunst.
 */
const deadline = { timeout: 10_000, interval: 20 }
let running: ShellApp
let server: Server
let port: number

const labels = async () => (await running.tray.items()).map(({ path }) => path.join(' > '))
const asked = () => running.app.evaluate(() => globalThis.shellParts.asked.splice(0))
const calls = () => running.app.evaluate(() => globalThis.shellParts.desktop.calls.splice(0))
const share = {
  id: 'share_01',
  name: 'R&D_api',
  url: 'http://127.0.0.1:1/',
  targetHost: '127.0.0.1',
  targetPort: 5173,
  expiresAtMs: null,
  visitorCount: 0,
}

beforeAll(async () => {
  server = createServer((_request, response) => response.setHeader('x-powered-by', 'Express').end('hi'))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  port = (server.address() as AddressInfo).port
  running = await launchShellApp()
})

afterAll(async () => {
  await running.close()
  server.close()
})

describe('the tray', () => {
  it('asks to sign in, and then offers what listens, with what it is', async () => {
    expect(await labels()).toContain('Sign in…')
    expect(await running.tray.toolTip()).toBe('Private Connect: Not signed in')
    await running.app.evaluate(() =>
      globalThis.shellParts.desktop.change({
        connection: 'connected',
        account: { kind: 'signed-in', email: null, workspaceName: 'R&D_team' },
      }),
    )
    await vi.waitFor(
      async () => expect(await labels()).toContain(`Share this port > ${port} · Express (node)`),
      deadline,
    )
    expect((await labels()).slice(0, 2)).toEqual(['Connected, nothing is shared', 'R&D_team'])
  })

  it('forgets a port that is closed, and finds one that is opened, by itself', async () => {
    const other = createServer()
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    const label = `Share this port > ${(other.address() as AddressInfo).port} · node`
    await vi.waitFor(async () => expect(await labels()).toContain(label), deadline)
    other.close()
    await vi.waitFor(async () => expect(await labels()).not.toContain(label), deadline)
  })

  it('shares with one click, and opens the window for any other port', async () => {
    await calls()
    await running.tray.click('Share this port', `${port} · Express (node)`)
    await running.tray.click('Share this port', 'Other port…')
    await vi.waitFor(async () => {
      expect(await calls()).toContainEqual(['sharePort', { port, host: '127.0.0.1' }])
    }, deadline)
    expect(await asked()).toEqual(['show /share'])
  })

  it('does with a share what it says', async () => {
    await running.app.evaluate(
      (_electron, shares) => globalThis.shellParts.desktop.change({ connection: 'sharing', shares }),
      [share],
    )
    const name = 'R&D_api · no end'
    await vi.waitFor(
      async () => expect(await labels()).toContain(`Active shares (1) > ${name} > Revoke`),
      deadline,
    )
    expect(await running.tray.toolTip()).toBe('Private Connect: Sharing 1 port')
    await calls()
    for (const label of ['Copy link', 'Open in browser', 'Activity', 'Revoke'])
      await running.tray.click(name, label)
    const done: unknown[] = []
    await vi.waitFor(async () => {
      done.push(...(await calls()).filter(([what]) => what !== 'listPorts'))
      expect(done).toEqual([
        ['copyLink', 'share_01'],
        ['openLink', 'share_01'],
        ['revokeShare', 'share_01'],
      ])
    }, deadline)
    expect(await asked()).toEqual(['show /shares/share_01/activity'])
    await vi.waitFor(async () => expect(await labels()).toContain('No active shares'), deadline)
  })

  it('turns notifications off and on, and opens the window', async () => {
    await running.tray.click('Notifications', 'Tell me of new visitors')
    await vi.waitFor(async () => expect(await labels()).toContain('Notifications (off)'), deadline)
    await running.tray.click('Notifications (off)', 'Tell me of new visitors')
    await vi.waitFor(
      async () => expect(await labels()).toContain('Notifications > Snooze for 1 hour'),
      deadline,
    )
    await running.tray.click('Open Private Connect')
    await vi.waitFor(async () => expect(await asked()).toEqual(['show ']), deadline)
  })

  it('says by a notification what did not work', async () => {
    await running.app.evaluate(
      (_electron, shares) => {
        globalThis.shellParts.desktop.refusals.set('copyLink', 'This computer does not have the link.')
        globalThis.shellParts.desktop.change({ connection: 'sharing', shares })
      },
      [share],
    )
    await vi.waitFor(() => running.tray.click('R&D_api · no end', 'Copy link'), deadline)
    await vi.waitFor(() => expect(running.notifications.shownCount()).toBe(1), deadline)
    running.notifications.closeAll()
    expect(running.notifications.history()[0]?.summary).toBe('This computer does not have the link.')
  })
})

describe('a visit', () => {
  const visit = (visitorId: string, shareId = 'share_01') =>
    running.app.evaluate(
      (_electron, [who, shareId]) => {
        const timestamp = new Date().toISOString()
        const data = { shareId, shareName: 'R&D_api', ipAddress: '203.0.113.7', timestamp }
        globalThis.shellParts.tell({
          id: 'evt_1',
          seq: 1,
          createdAt: timestamp,
          type: 'share.accessed',
          data: { ...data, visitorId: who, isBot: false, isReturning: false },
        })
      },
      [visitorId, shareId] as const,
    )

  it('pops up once, and a click on it shows the activity', async () => {
    await asked()
    await visit('ada')
    await visit('ada')
    await visit('bob')
    await vi.waitFor(() => expect(running.notifications.shownCount()).toBe(1), deadline)
    running.notifications.clickNewest()
    await vi.waitFor(async () => expect(await asked()).toEqual(['show /shares/share_01/activity']), deadline)
    await vi.waitFor(() => expect(running.notifications.shownCount()).toBe(0), deadline)
    const [shown] = running.notifications.history()
    expect(shown).toMatchObject({ summary: 'Somebody opened R&D_api', appName: 'Private Connect' })
    expect(shown?.body).toContain('203.0.113.7')
  })

  it('has a Revoke button, which ends the share and says so', async () => {
    await running.app.evaluate(
      (_electron, shares) => globalThis.shellParts.desktop.change({ connection: 'sharing', shares }),
      [share, { ...share, id: 'share_02' }],
    )
    await calls()
    await visit('ada', 'share_02')
    await vi.waitFor(() => expect(running.notifications.shownCount()).toBe(1), deadline)
    running.pressRevoke()
    await vi.waitFor(async () => expect(await calls()).toContainEqual(['revokeShare', 'share_02']), deadline)
    await vi.waitFor(() => {
      running.notifications.closeAll()
      expect(running.notifications.history()[0]?.summary).toBe('R&D_api is no longer shared')
    }, deadline)
  })
})

it('is quiet while a window has the whole screen', async () => {
  const { env } = running.session
  const run = async (file: string, args: readonly string[]) => {
    const ended = promisify(execFile)(file, args, { env: { ...process.env, ...env } })
    return ended.then(({ stdout }) => stdout).catch(() => '')
  }
  const isQuiet = () => isPresenting({ platform: 'linux', hasX11: true, isLocked: () => false, run })
  expect(await isQuiet()).toBe(false)
  await running.app.evaluate(({ BrowserWindow }) => void new BrowserWindow({ fullscreen: true }))
  await vi.waitFor(async () => expect(await isQuiet()).toBe(true), deadline)
  await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.destroy())
  await vi.waitFor(async () => expect(await isQuiet()).toBe(false), deadline)
})

it('knows whether the system shows tray icons', async () => {
  expect(await running.app.evaluate(() => globalThis.shellParts.hasTray())).toBe(true)
  const other = await openDesktopSession()
  const bus = connectSessionBus(other.env['DBUS_SESSION_BUS_ADDRESS'] ?? '')
  expect(await hasTrayHost({ bus, patienceMs: 0 })).toBe(false)
  bus.close()
  await other.close()
})

describe('the start at login', () => {
  it('is a file of the desktop’s, made and taken away with the setting', async () => {
    const file = join(running.configDir, 'autostart/private-connect-desktop.desktop')
    const set = (startsAtLogin: boolean) =>
      running.app.evaluate(
        (_electron, isOn) => globalThis.shellParts.desktop.changeSettings({ startsAtLogin: isOn }),
        startsAtLogin,
      )
    await set(true)
    await vi.waitFor(
      async () => expect(await readFile(file, 'utf8')).toMatch(/^Exec=".*\/private-connect" "--hidden"$/m),
      deadline,
    )
    await set(false)
    await vi.waitFor(async () => expect(await readFile(file, 'utf8').catch(() => null)).toBeNull(), deadline)
  })
})

it('sleeps and wakes with the machine', async () => {
  await calls()
  await running.app.evaluate(({ powerMonitor }) => {
    // Electron's types know them as events of the system only.
    const events: NodeJS.EventEmitter = powerMonitor
    events.emit('suspend')
    events.emit('resume')
  })
  const heard = (await calls()).filter(([what]) => what !== 'listPorts')
  expect(heard).toEqual([['suspend'], ['resume']])
})

// CASES ELE-05
it('gives the person’s browser nothing but what is on the list', async () => {
  const outcome = await running.app.evaluate(async ({ shell }) => {
    const opened: string[] = []
    shell.openExternal = async (url) => void opened.push(url)
    const open = async (url: string) =>
      globalThis.shellParts.openExternal(url).then(
        () => 'opened',
        () => 'refused',
      )
    const outcomes = []
    for (const url of ['http://127.0.0.1:7300/device', 'file:///etc/passwd', 'https://evil.example/'])
      outcomes.push(await open(url))
    return { outcomes, opened }
  })
  expect(outcome).toEqual({
    outcomes: ['opened', 'refused', 'refused'],
    opened: ['http://127.0.0.1:7300/device'],
  })
})

it('logs nothing that went wrong', async () => {
  const log = await running.app.evaluate(() => globalThis.shellParts.log)
  expect(log.filter((line) => !line.includes('does not have the link'))).toEqual([])
})

// CASES ELE-17
it('asks before it quits where links would stop working, and stays or goes', async () => {
  const { program } = running
  const ended = once(program, 'exit')
  const run = (...args: string[]) =>
    spawnSync('xdotool', args, { env: { ...process.env, ...running.session.env }, encoding: 'utf8' }).stdout
  const dialogs = () =>
    run('search', '--onlyvisible', '--pid', String(program.pid)).split('\n').filter(Boolean)
  const press = async (key: string) => {
    await vi.waitFor(() => expect(dialogs()).toHaveLength(1), deadline)
    run('windowfocus', '--sync', dialogs()[0] ?? '', 'key', key)
  }
  await running.app.evaluate(
    (_electron, shares) => globalThis.shellParts.desktop.change({ connection: 'sharing', shares }),
    [share],
  )
  await running.tray.click('Quit')
  await press('Escape')
  await vi.waitFor(() => expect(dialogs()).toEqual([]), deadline)
  expect(program.exitCode).toBeNull()
  await running.tray.click('Quit')
  await press('Return')
  expect(await ended).toEqual([0, null])
})
