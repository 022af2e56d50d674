import { spawn, type ChildProcess } from 'node:child_process'

/**
 * Starts a Node program whose standard output the test reads. Its errors are shown, yet not through the test's own standard error:
 * vitest waits until nobody holds that, for ever where a test that failed left a program behind.
 */
export function startProgram(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stderr.pipe(process.stderr, { end: false })
  return child
}
