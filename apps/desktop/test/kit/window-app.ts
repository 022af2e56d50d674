import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { build } from 'vite'
import { electronArgs, electronEnv } from './launch-app.ts'

const desktopDir = resolve(import.meta.dirname, '../..')

export interface WindowApp {
  readonly app: ElectronApplication
  readonly page: Page
  close(): Promise<void>
}

/** Starts the window that `global-setup` built around the double of `test/double`, in the test Electron. */
export async function launchWindowApp(): Promise<WindowApp> {
  const { executablePath, env } = electronEnv()
  const home = mkdtempSync(join(tmpdir(), 'pc-window-app-'))
  const packed = join(dirname(dirname(executablePath)), `private-connect-window-${process.pid}`)
  rmSync(packed, { recursive: true, force: true })
  execFileSync('cp', ['-al', dirname(executablePath), packed])
  for (const name of readdirSync(join(packed, 'resources'))) rmSync(join(packed, 'resources', name))
  await layOut(join(packed, 'resources/app'))
  const app = await _electron.launch({
    executablePath: join(packed, 'private-connect'),
    env,
    args: electronArgs(home),
  })
  const page = await app.firstWindow()
  return {
    app,
    page,
    close: async () => {
      await app.close()
      for (const dir of [packed, home]) rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** The app's folder with another main script. */
async function layOut(appDir: string): Promise<void> {
  mkdirSync(join(appDir, 'out'), { recursive: true })
  cpSync(join(desktopDir, 'package.json'), join(appDir, 'package.json'))
  for (const part of ['preload', 'renderer'])
    symlinkSync(join(desktopDir, 'out', part), join(appDir, 'out', part))
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: join(desktopDir, 'test/double/main.ts'),
      outDir: join(appDir, 'out/main'),
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: { external: ['electron'], output: { entryFileNames: 'index.js' } },
    },
    ssr: { noExternal: true },
  })
}
