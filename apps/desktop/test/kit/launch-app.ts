import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { inject } from 'vitest'

export const desktopDir = resolve(import.meta.dirname, '../..')

export interface RunningApp {
  readonly app: ElectronApplication
  readonly page: Page
  readonly userDataDir: string
  close(): Promise<void>
}

/** Starts the built app in the test Electron with a user-data folder of its own, and waits for its window. */
export async function launchApp(): Promise<RunningApp> {
  const userDataDir = await mkdtemp(join(tmpdir(), 'pc-desktop-'))
  const app = await _electron.launch(launchOptions(userDataDir))
  const page = await app.firstWindow()
  await page.getByText('on Electron').waitFor()
  return {
    app,
    page,
    userDataDir,
    close: async () => {
      await app.close()
      await rm(userDataDir, { recursive: true, force: true })
    },
  }
}

/** Root needs --no-sandbox (a sandboxed renderer keeps its API restrictions, only the OS layer is off). */
export function electronArgs(userDataDir: string): string[] {
  return ['--no-sandbox', '--disable-gpu', `--user-data-dir=${userDataDir}`]
}

export function electronEnv(): { readonly executablePath: string; readonly env: Record<string, string> } {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return {
    executablePath: inject('appExecutable'),
    env: { ...Object.fromEntries(inherited), ...inject('electronEnv') },
  }
}

function launchOptions(userDataDir: string) {
  return { ...electronEnv(), args: electronArgs(userDataDir) }
}
