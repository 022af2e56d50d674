/**
 * `npm run screenshots`: the README's pictures of the desktop app, of the real thing: a panel with a tray, its menu clicked with the mouse,
 * a web server shared, Chromium on the link, the notification of the visit, the window. Needs Debian's xfce4-panel.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildApp, layOutApp } from '../kit/build-app.ts'
import { launchInWorld, letIn, openWorldWithoutTray } from '../kit/desktop-world.ts'
import { writeDesktopSettings } from './desktop-settings.ts'

const images = resolve(import.meta.dirname, '../../../../docs/images')
const vite = resolve(import.meta.dirname, '../../../../node_modules/.bin/vite')
const port = 5173
const menuPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Summer menu</title>
<h1>Summer menu</h1><p>Cold cucumber soup, apricot tart.</p></html>`

const folder = mkdtempSync(join(tmpdir(), 'pc-desktop-pictures-'))
const projectDir = join(folder, 'summer-menu')
mkdirSync(projectDir)
writeFileSync(join(projectDir, 'index.html'), menuPage)
const world = await openWorldWithoutTray(writeDesktopSettings(join(folder, 'settings')))
const run = (program: string, ...args: string[]): void => void execFileSync(program, args, { env: world.env })
const press = (...keys: string[]): void => run('xdotool', 'key', '--delay', '150', ...keys)
/** Pictures are taken of what a person would see: once what moves has come to rest. */
const settle = async (): Promise<void> => sleep(1500)
const takePicture = (name: string): void => world.shootScreen(join(images, name))

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; !isTrue(); tries += 1) {
    if (tries > 400) throw new Error('what the picture should show did not come')
    await sleep(50)
  }
}

run('xsetroot', '-solid', '#4a6076')
const panel = spawn('xfce4-panel', ['--disable-wm-check'], { env: world.env, stdio: 'ignore' })
const website = spawn(process.execPath, [vite, '--port', String(port), '--strictPort'], {
  cwd: projectDir,
  stdio: 'ignore',
})
buildApp()
const laidOut = layOutApp(world.session.env['ELECTRON_EXEC_PATH'] ?? '')
const { program, page } = await launchInWorld(world, { executable: laidOut.executable })
try {
  await letIn(world, page)
  await page.getByText('Vite').first().waitFor()
  await settle()

  // The menu of the tray icon, which is left of the clock; from its first line that can be chosen to the first port.
  run('xdotool', 'mousemove', '1224', '14', 'click', '3')
  await settle()
  press('Down', 'Right')
  await settle()
  takePicture('desktop-tray.png')
  press('Return')
  // Away from the icon, which would tell its name.
  run('xdotool', 'mousemove', '640', '780')
  await until(() => world.notifications.shownCount() === 1)
  await settle()
  world.notifications.closeAll()

  const visitor = await world.browser.newPage()
  await visitor.goto(world.clipboard())
  await until(() => world.notifications.shownCount() === 1)
  await page.getByRole('link', { name: 'Activity', exact: true }).click()
  await settle()
  takePicture('desktop-visit.png')
} finally {
  program.kill('SIGKILL')
  panel.kill()
  website.kill()
  laidOut.remove()
  await world.close()
  rmSync(folder, { recursive: true, force: true })
}
