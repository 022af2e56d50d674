import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * An embedded server is detached, so it would outlive a killed vitest. This process notices that end by its closed
 * stdin, stops the server and removes the folder.
 */
export function startWatchdog(dataDir: string): ChildProcess {
  const child = spawn(process.execPath, [fileURLToPath(new URL('watchdog.ts', import.meta.url)), dataDir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.unref()
  return child
}
