import { execFileSync, type ChildProcess } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { _electron, type ElectronApplication } from 'playwright-core'
import { vi } from 'vitest'
import { build } from 'vite'
import { electronArgs } from './launch-app.ts'
import { openDesktopSession, type DesktopSession } from './desktop-session.ts'
import { connectNotificationDaemon, type NotificationDaemon } from './notification-daemon.ts'
import { openTrayMenu, type TrayMenu } from './tray-menu.ts'

const desktopDir = resolve(import.meta.dirname, '../..')

/** The shell of the app around a desktop that only pretends (`test/double/shell-main.ts`), on a desktop session of its own. */
export interface ShellApp {
  readonly app: ElectronApplication
  /** Playwright knows it no more once it has ended. */
  readonly program: ChildProcess
  readonly session: DesktopSession
  readonly tray: TrayMenu
  readonly notifications: NotificationDaemon
  /** The person's folder for settings. */
  readonly configDir: string
  /** Presses the Revoke button of what is on the screen. */
  pressRevoke(): void
  close(): Promise<void>
}

export async function launchShellApp(): Promise<ShellApp> {
  const home = mkdtempSync(join(tmpdir(), 'pc-shell-app-'))
  const configDir = join(home, 'config')
  configureDunst(configDir)
  const session = await openDesktopSession({ XDG_CONFIG_HOME: configDir })
  const packed = await pack(session.env['ELECTRON_EXEC_PATH'] ?? '')
  const env = { ...process.env, ...session.env, XDG_CONFIG_HOME: configDir } as Record<string, string>
  const app = await _electron.launch({
    executablePath: join(packed, 'private-connect'),
    env,
    args: electronArgs(join(home, 'user-data')),
  })
  const program = app.process()
  await vi.waitFor(
    async () => {
      if (!(await app.evaluate(() => 'shellParts' in globalThis))) throw new Error('not started')
    },
    { timeout: 20_000 },
  )
  // After the app, as it may be at login.
  const tray = await openTrayMenu(session.env['DBUS_SESSION_BUS_ADDRESS'] ?? '')
  await tray.waitForIcon()
  return {
    app,
    program,
    session,
    tray,
    notifications: connectNotificationDaemon(session.env),
    configDir,
    pressRevoke: () => void execFileSync('dunstctl', ['context'], { env }),
    close: async () => {
      // Asked to, it would ask whether links may stop working.
      program.kill('SIGKILL')
      tray.close()
      await session.close()
      for (const dir of [packed, home]) rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** dunst shows buttons as lines of another program, which answers with the one that was chosen. */
function configureDunst(configDir: string): void {
  mkdirSync(join(configDir, 'dunst'), { recursive: true })
  const chooser = join(configDir, 'choose-revoke')
  writeFileSync(chooser, '#!/bin/sh\ngrep Revoke | head -n 1\n', { mode: 0o755 })
  writeFileSync(join(configDir, 'dunst/dunstrc'), `[global]\n    dmenu = ${chooser}\n`)
}

/** Hard links to the runtime, under a name of its own, with the double as its app. */
async function pack(electron: string): Promise<string> {
  const packed = join(dirname(dirname(electron)), `private-connect-shell-${process.pid}`)
  rmSync(packed, { recursive: true, force: true })
  execFileSync('cp', ['-al', dirname(electron), packed])
  execFileSync('mv', [join(packed, 'electron'), join(packed, 'private-connect')])
  const resources = join(packed, 'resources')
  for (const name of readdirSync(resources)) rmSync(join(resources, name))
  mkdirSync(join(resources, 'app'))
  cpSync(join(desktopDir, 'package.json'), join(resources, 'app/package.json'))
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: join(desktopDir, 'test/double/shell-main.ts'),
      outDir: join(resources, 'app/out/main'),
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: { external: ['electron'], output: { entryFileNames: 'index.js' } },
    },
    ssr: { noExternal: true },
  })
  return packed
}
