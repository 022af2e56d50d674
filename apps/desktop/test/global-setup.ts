import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestProject } from 'vitest/node'

const desktopDir = resolve(import.meta.dirname, '..')
const runTool = resolve(desktopDir, '../../tools/electron/run')

declare module 'vitest' {
  interface ProvidedContext {
    /** Screen and session bus, as environment variables. */
    electronEnv: Record<string, string>
    /** The app's executable, laid out as a packed app. */
    appExecutable: string
  }
}

// Runs inside tools/electron/run: names what a program needs to find that session, and keeps it open until its input ends.
const holder = `
  const names = ['DISPLAY', 'XAUTHORITY', 'DBUS_SESSION_BUS_ADDRESS', 'XDG_DATA_HOME', 'ELECTRON_EXEC_PATH']
  console.log(JSON.stringify(Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']))))
  process.stdin.resume().on('end', () => process.exit(0))
`

/** Installs the test Electron (33.2.1, not the version that users get), opens a screen for it, and builds the app for it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'The desktop tests need Linux x64: tools/electron has no test Electron for other systems.',
    )
  }
  const session = spawn(runTool, [process.execPath, '-e', holder], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(session, 'exit')
  const lines = createInterface({ input: session.stdout })
  const line = await Promise.race([once(lines, 'line'), ended.then(() => null)])
  if (line === null) throw new Error('tools/electron/run ended before it opened a screen.')
  const env = JSON.parse(String(line[0])) as Record<string, string>
  const packedDir = pack(dirname(env['ELECTRON_EXEC_PATH'] ?? ''))
  project.provide('electronEnv', env)
  project.provide('appExecutable', join(packedDir, 'private-connect'))
  build()
  return async () => {
    rmSync(packedDir, { recursive: true, force: true })
    session.stdin.end()
    await ended
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
