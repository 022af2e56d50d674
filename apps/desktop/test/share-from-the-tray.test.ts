import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest'
import { desktopDir } from './kit/launch-app.ts'
import { launchInWorld, letIn, openWorld, type DesktopWorld, type LaunchedApp } from './kit/desktop-world.ts'
import { visit } from '@private-connect/sharing/testing'
import { listeningSockets, processTree } from './kit/listening-sockets.ts'
import { startVisitedApp, type VisitedApp } from './kit/visited-app.ts'

/*
 * Guarantee: the way from a running web server to a link, a visitor, a nod from the desktop and the end of it, as people go it:
 * one click in the tray shares the port and copies the link; the visit pops up within a second and shows in the window live; a click on
 * it opens the share's activity; revoking in the tray turns the visitor away and ends what was open. (Flows 1, 3 and 4; CASES ELE-15, ELE-17.)
 * A real hub, a real web server, Debian's Chromium, and the real app in Electron 33.2.1 (users get the version of package.json).
 */
const screenshotDir = join(desktopDir, '../../test-results/desktop')
const deadline = { timeout: 10_000, interval: 20 }
let world: DesktopWorld
let website: VisitedApp
let running: LaunchedApp

beforeAll(async () => {
  mkdirSync(screenshotDir, { recursive: true })
  ;[world, website] = await Promise.all([openWorld(), startVisitedApp()])
  running = await launchInWorld(world, { executable: inject('appExecutable') })
})

afterAll(async () => {
  running?.program.kill('SIGKILL')
  await website?.close()
  await world?.close()
})

it('shares a port from the tray, tells of the visit, and ends it', { timeout: 60_000 }, async () => {
  const { tray, notifications, browser } = world
  const window = running.page
  const listens = (): string[] => listeningSockets(processTree(running.program.pid ?? 0))
  // Those of the test's own debuggers.
  const atFirst = listens()
  await letIn(world, window)
  await vi.waitFor(async () => expect(await tray.toolTip()).toContain('Connected'), deadline)

  // Share this port.
  const ofWebsite = new RegExp(`^${website.port}\\b`)
  await vi.waitFor(() => tray.click('Share this port', ofWebsite), deadline)
  await vi.waitFor(() => expect(notifications.shownCount()).toBe(1), deadline)
  const link = world.clipboard()
  expect(link).toMatch(/share[-_]tok[-_][a-z2-7]{26}/)
  await vi.waitFor(async () => expect(await tray.toolTip()).toContain('Sharing 1 port'), deadline)
  world.shootScreen(join(screenshotDir, 'screen-shared.png'))
  notifications.closeAll()
  const [told] = notifications.history()
  expect(told?.summary).toMatch(/ is shared$/)
  expect(told?.body).toContain(`port ${website.port} is on your clipboard`)
  expect(told?.body).not.toContain(link)

  // A visitor.
  const visitor = await browser.newPage()
  const visitedAtMs = Date.now()
  await visitor.goto(link)
  await vi.waitFor(() => expect(notifications.shownCount()).toBe(1), deadline)
  const popupAfterMs = Date.now() - visitedAtMs
  await visitor.getByText('live', { exact: true }).waitFor()
  expect(website.liveStreams()).toBe(1)
  world.shootScreen(join(screenshotDir, 'screen-visited.png'))
  expect(popupAfterMs).toBeLessThan(10_000)

  // The nod leads to the activity, which follows what comes.
  notifications.clickNewest()
  await window.waitForURL(/\/shares\/share_\w+\/activity$/)
  expect(notifications.history()[0]?.summary).toMatch(/^Somebody opened /)
  await showsVisits(window, 1)
  const second = await browser.newContext()
  await (await second.newPage()).goto(link)
  await showsVisits(window, 2)
  await window.screenshot({ path: join(screenshotDir, 'window-activity.png') })
  // It shares without a port of its own that others could speak to.
  expect(listens()).toEqual(atFirst)

  // Stop.
  await tray.click(/^Active shares/, 'Revoke')
  await visitor.getByText('cut', { exact: true }).waitFor()
  await vi.waitFor(() => expect(website.liveStreams()).toBe(0), deadline)
  const answer = await visitor.goto(link)
  expect(answer?.status()).toBe(403)
  await vi.waitFor(async () => expect(await tray.toolTip()).toContain('nothing is shared'), deadline)
})

// CASES ELE-17
it('tells the hub when the system ends it, though a share is open', { timeout: 60_000 }, async () => {
  const made = await running.page.evaluate(
    (port) => window.privateConnect.call('ports:share', { port }),
    website.port,
  )
  const link = made.ok ? made.value.url : null
  await vi.waitFor(async () => expect((await visit(link)).status).toBe(200), deadline)
  const ended = once(running.program, 'exit')
  running.program.kill('SIGTERM')
  const endedAtMs = Date.now()
  await vi.waitFor(async () => expect((await visit(link)).status).toBe(503), deadline)
  expect(await ended).toEqual([0, null])
  // Promised is a second.
  expect(Date.now() - endedAtMs).toBeLessThan(10_000)
})

/** Visits in the activity of the share, as the window shows it. */
async function showsVisits(window: Page, count: number): Promise<void> {
  const activity = window.getByRole('list', { name: 'Activity, newest first' })
  await vi.waitFor(async () => {
    expect(await activity.getByRole('listitem').filter({ hasText: ' opened ' }).count()).toBe(count)
  }, deadline)
}
