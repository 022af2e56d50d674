import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const desktopDir = resolve(import.meta.dirname, '../..')
const electronBuilder = resolve(desktopDir, '../../node_modules/.bin/electron-builder')

export interface PackagedApp {
  readonly dir: string
  readonly executable: string
  /** The archive that holds all of the code of the app. */
  readonly asar: string
  remove(): void
}

/** Packs what `electron-vite build` left in `out/` with the product's own configuration, around the Electron of the tests. */
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
    ['--config', 'electron-builder.config.ts', '--linux', 'dir', '--publish', 'never', ...overrides],
    { cwd: desktopDir, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const dir = join(output, 'linux-unpacked')
  return {
    dir,
    executable: join(dir, 'private-connect-desktop'),
    asar: join(dir, 'resources/app.asar'),
    remove: () => rmSync(output, { recursive: true, force: true }),
  }
}
