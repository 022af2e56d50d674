import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { desktopDir, launchApp, type RunningApp } from './kit/launch-app.ts'

/*
 * Guarantee (CASES ELE-01, ELE-02, ELE-06, ELE-10, ELE-12): the window runs isolated and sandboxed under a CSP that allows only its
 * own origin; it cannot navigate, open windows, embed other pages, use a permission or reach the network, whatever runs in it.
 * Read from the live window in a real Electron 33.2.1 (the product itself ships a newer one).
 */
let running: RunningApp
let foreign: Server
let foreignUrl: string
let foreignHits = 0

beforeAll(async () => {
  foreign = createServer((_req, res) => {
    foreignHits += 1
    res.setHeader('access-control-allow-origin', '*').end('foreign')
  })
  await new Promise<void>((done) => foreign.listen(0, '127.0.0.1', done))
  foreignUrl = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`
  running = await launchApp()
})

afterAll(async () => {
  await running.close()
  foreign.close()
})

describe('the window', () => {
  it('has safe webPreferences, as the live window reports them', async () => {
    const preferences = await running.app.evaluate(({ webContents }) =>
      webContents
        .getAllWebContents()
        .map((contents) =>
          (contents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences(),
        ),
    )
    expect(preferences).toHaveLength(1)
    expect(preferences[0]).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    })
    expect(running.page.url()).toMatch(/^app:\/\/private-connect\//)
  })

  it('sees of the main process only the named calls', async () => {
    const safe = await running.page.evaluate(() => ({
      bridge: Object.keys(window.privateConnect),
      globals: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].filter(
        (name) => name in window,
      ),
    }))
    expect(safe).toEqual({ bridge: ['call', 'onState', 'onNavigate'], globals: [] })
  })

  it('comes with a CSP that begins at none', async () => {
    const policy = await running.app.evaluate(async ({ net }) => {
      const answer = await net.fetch('app://private-connect/')
      return answer.headers.get('content-security-policy')
    })
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'sha256-[\w+/]{43}='; /)
    expect(policy).toContain("; connect-src 'self'; ")
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:/)
  })

  it('builds no code from text: no eval, no inline handler, no added script', async () => {
    const outcomes = await running.page.evaluate(async (url) => {
      // In a timer, because the CSP does not bind what the debugger itself evaluates.
      const attempt = (act: () => unknown): Promise<string> =>
        new Promise((done) =>
          setTimeout(() => {
            try {
              act()
              done('ran')
            } catch (cause) {
              done(cause instanceof Error ? cause.name : 'refused')
            }
          }),
        )
      return [
        await attempt(() => window.privateConnect.call.constructor('return 1')() as unknown),
        await attempt(() => document.body.setAttribute('onclick', '1')),
        await attempt(() => Object.assign(document.createElement('script'), { src: url })),
        await attempt(() =>
          Object.assign(document.body.appendChild(document.createElement('div')), { innerHTML: '<b>' }),
        ),
      ]
    }, foreignUrl)
    expect(outcomes).toEqual(['EvalError', 'TypeError', 'TypeError', 'TypeError'])
  })

  it('connects, navigates and opens nowhere', async () => {
    const before = running.page.url()
    const refused = nextRefusedNavigation()
    const result = await running.page.evaluate(async (url) => {
      const fetched = await fetch(url).then(
        () => 'reached',
        () => 'blocked',
      )
      const opened = window.open(url) === null ? 'blocked' : 'opened'
      const frame = document.createElement('iframe')
      frame.src = url
      document.body.append(frame)
      const link = Object.assign(document.createElement('a'), { href: url, target: '_blank' })
      document.body.append(link)
      link.click()
      const image = new Image()
      const loaded = await new Promise<string>((done) => {
        image.addEventListener('load', () => done('loaded'))
        image.addEventListener('error', () => done('blocked'))
        image.src = url
      })
      location.assign(url)
      return { fetched, opened, loaded }
    }, foreignUrl)
    expect(result).toEqual({ fetched: 'blocked', opened: 'blocked', loaded: 'blocked' })
    // It was tried last: what was tried before it has failed or been refused by now.
    expect(await refused).toBe(foreignUrl)
    expect(running.page.url()).toBe(before)
    expect(running.app.windows()).toHaveLength(1)
    expect(foreignHits).toBe(0)
  })

  it('opens no file that is dropped on it', async () => {
    const file = join(running.userDataDir, 'dropped.html')
    writeFileSync(file, '<title>DROPPED</title>')
    const before = running.page.url()
    const refused = nextRefusedNavigation()
    const debugging = await running.page.context().newCDPSession(running.page)
    const data = { items: [], files: [file], dragOperationsMask: 1 }
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await debugging.send('Input.dispatchDragEvent', { type, x: 20, y: 20, data })
    }
    // Had it gone anywhere, that would have been asked for first.
    await running.page.evaluate((url) => location.assign(url), foreignUrl)
    expect(await refused).toBe(foreignUrl)
    expect(running.page.url()).toBe(before)
  })

  it('is given no way to open files: the app itself has none', () => {
    const bundles = ['main', 'preload'].flatMap((part) => {
      const folder = join(desktopDir, 'out', part)
      return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    })
    expect(bundles.length).toBeGreaterThan(1)
    for (const bundle of bundles) expect(bundle).not.toMatch(/openPath|showItemInFolder|openItem/)
  })

  it('gets no permission', async () => {
    const states = await running.page.evaluate(async () => {
      const names = [
        'geolocation',
        'camera',
        'microphone',
        'notifications',
        'midi',
        'clipboard-read',
      ] as PermissionName[]
      const found = await Promise.all(
        names.map(async (name) => (await navigator.permissions.query({ name })).state),
      )
      const position = await new Promise<string>((done) =>
        navigator.geolocation.getCurrentPosition(
          () => done('given'),
          (error) => done(`denied ${error.code}`),
        ),
      )
      return { found: [...new Set(found)], position, notification: await Notification.requestPermission() }
    })
    expect(states.found).toEqual(['denied'])
    expect(states.position).toBe('denied 1')
    expect(states.notification).toBe('denied')
  })
})

/** The address of the next navigation that the window asks for, once the app has refused it. */
function nextRefusedNavigation(): Promise<string> {
  return running.app.evaluate(
    ({ webContents }) =>
      new Promise<string>((done, fail) => {
        // After the app's own listeners: they were there first.
        webContents.getAllWebContents()[0]?.once('will-frame-navigate', (event) => {
          if (event.defaultPrevented) done(event.url)
          else fail(new Error(`Went to ${event.url}`))
        })
      }),
  )
}
