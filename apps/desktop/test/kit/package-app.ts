import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const desktopDir = resolve(import.meta.dirname, '../..')
const electronBuilder = resolve(desktopDir, '../../node_modules/.bin/electron-builder')

export interface PackagedApp {
  readonly dir: string
  readonly executable: string
  /** What a .deb puts into the system's list of apps. */
  readonly desktopEntry: string
  /** The archive that holds all of the code of the app. */
  readonly asar: string
  remove(): void
}

/**
 * Packs what `electron-vite build` left in `out/` with the product's own configuration, around the Electron of the tests.
 * The program that would make the .deb is a script that keeps what it was given: the real one is a download.
 */
export function packageApp(electronExecutable: string): PackagedApp {
  const output = mkdtempSync(join(tmpdir(), 'pc-desktop-packaged-'))
  const options = {
    'config.electronDist': dirname(electronExecutable),
    'config.electronVersion': '33.2.1',
    'config.directories.output': output,
  }
  const overrides = Object.entries(options).map(([name, value]) => `--${name}=${value}`)
  execFileSync(
    electronBuilder,
    ['--config', 'electron-builder.config.ts', '--linux', 'deb', '--publish', 'never', ...overrides],
    {
      cwd: desktopDir,
      env: { ...process.env, CUSTOM_FPM_PATH: join(import.meta.dirname, 'keep-deb-parts.sh') },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const dir = join(output, 'linux-unpacked')
  return {
    dir,
    desktopEntry: readFileSync(join(output, 'entry.desktop'), 'utf8'),
    executable: join(dir, 'private-connect-desktop'),
    asar: join(dir, 'resources/app.asar'),
    remove: () => rmSync(output, { recursive: true, force: true }),
  }
}
