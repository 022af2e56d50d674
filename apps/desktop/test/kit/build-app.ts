import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const desktopDir = resolve(import.meta.dirname, '../..')

/** Builds main script, preload script and window into `out/`, for the Electron of the tests. */
export function buildApp(): void {
  execFileSync(
    resolve(desktopDir, '../../node_modules/.bin/electron-vite'),
    ['build', '--logLevel', 'warn'],
    {
      cwd: desktopDir,
      env: { ...process.env, ELECTRON_MAJOR_VER: '33', NODE_ENV: 'production' },
      stdio: 'inherit',
    },
  )
}

export interface LaidOutApp {
  readonly executable: string
  remove(): void
}

/**
 * Lays the app out as a packed one: hard links to the runtime beside it, under the app's own name, with `resources/app`.
 * An unpacked start would load the app through the runtime's default app, which does so only after `ready`, other than Electron's own.
 */
export function layOutApp(electronExecutable: string): LaidOutApp {
  const runtimeDir = dirname(electronExecutable)
  const packedDir = join(dirname(runtimeDir), `private-connect-${process.pid}`)
  execFileSync('cp', ['-al', runtimeDir, packedDir])
  execFileSync('mv', [join(packedDir, 'electron'), join(packedDir, 'private-connect')])
  for (const name of readdirSync(join(packedDir, 'resources'))) rmSync(join(packedDir, 'resources', name))
  symlinkSync(desktopDir, join(packedDir, 'resources/app'))
  return {
    executable: join(packedDir, 'private-connect'),
    remove: () => rmSync(packedDir, { recursive: true, force: true }),
  }
}
