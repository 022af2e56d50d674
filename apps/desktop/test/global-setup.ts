import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openDesktopSession } from './kit/desktop-session.ts'

const desktopDir = resolve(import.meta.dirname, '..')

declare module 'vitest' {
  interface ProvidedContext {
    /** Screen and session bus, as environment variables. */
    electronEnv: Record<string, string>
    /** The app's executable, laid out as a packed app. */
    appExecutable: string
  }
}

/** Installs the test Electron (33.2.1, not the version that users get), opens a screen for it, and builds the app for it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'The desktop tests need Linux x64: tools/electron has no test Electron for other systems.',
    )
  }
  const session = await openDesktopSession()
  const { env } = session
  const packedDir = pack(dirname(env['ELECTRON_EXEC_PATH'] ?? ''))
  project.provide('electronEnv', env)
  project.provide('appExecutable', join(packedDir, 'private-connect'))
  build()
  return async () => {
    rmSync(packedDir, { recursive: true, force: true })
    await session.close()
  }
}

/**
 * Lays the app out as a packed one: hard links to the runtime beside it, under the app's own name, with `resources/app`.
 * An unpacked start would load the app through the runtime's default app, which does so only after `ready`, other than Electron's own.
 */
function pack(runtimeDir: string): string {
  const packedDir = join(dirname(runtimeDir), `private-connect-${process.pid}`)
  execFileSync('cp', ['-al', runtimeDir, packedDir])
  execFileSync('mv', [join(packedDir, 'electron'), join(packedDir, 'private-connect')])
  for (const name of readdirSync(join(packedDir, 'resources'))) rmSync(join(packedDir, 'resources', name))
  symlinkSync(desktopDir, join(packedDir, 'resources/app'))
  return packedDir
}

function build(): void {
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
