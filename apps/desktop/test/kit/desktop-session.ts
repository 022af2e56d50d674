import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

const runTool = resolve(import.meta.dirname, '../../../../tools/electron/run')

/** A virtual screen, a session bus, a notification daemon and an unlocked keyring, of one's own. */
export interface DesktopSession {
  /** What a program needs to find them, and where the test Electron is. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

// Runs inside tools/electron/run: names what a program needs to find that session, and keeps it open until its input ends.
const holder = `
  const names = ['DISPLAY', 'XAUTHORITY', 'DBUS_SESSION_BUS_ADDRESS', 'XDG_DATA_HOME', 'ELECTRON_EXEC_PATH']
  console.log(JSON.stringify(Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']))))
  process.stdin.resume().on('end', () => process.exit(0))
`

/** `env` is added to what the session's own programs see, such as where dunst finds its configuration. */
export async function openDesktopSession(
  env: Readonly<Record<string, string>> = {},
): Promise<DesktopSession> {
  const session = spawn(runTool, [process.execPath, '-e', holder], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(session, 'exit')
  const lines = createInterface({ input: session.stdout })
  const line = await Promise.race([once(lines, 'line'), ended.then(() => null)])
  if (line === null) throw new Error('tools/electron/run ended before it opened a screen.')
  return {
    env: JSON.parse(String(line[0])) as Record<string, string>,
    close: async () => {
      session.stdin.end()
      await ended
    },
  }
}
