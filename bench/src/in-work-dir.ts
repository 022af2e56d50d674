import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createProcesses, type Processes } from './processes.ts'

export interface Work {
  readonly workDir: string
  readonly processes: Processes
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal
}

/**
 * Runs a bench in a folder of its own; at its end, or on Ctrl-C, which rejects, the folder goes and all the processes that were started.
 */
export async function inWorkDir<T>(name: string, run: (work: Work) => Promise<T>): Promise<T> {
  const workDir = mkdtempSync(join(tmpdir(), `private-connect-${name}-`))
  // A root hub's PostgreSQL runs as another user, who has to pass through on the way to its data.
  chmodSync(workDir, 0o711)
  const processes = createProcesses(workDir)
  process.on('exit', () => processes.killAll())
  const { signal, reason, release } = watchInterrupts()
  try {
    return await Promise.race([run({ workDir, processes, signal }), reason])
  } finally {
    await processes.stopAll()
    rmSync(workDir, { recursive: true, force: true })
    release()
  }
}

function watchInterrupts() {
  const interrupt = new AbortController()
  const { promise: reason, reject } = Promise.withResolvers<never>()
  const stop = (name: NodeJS.Signals) => {
    const error = new Error(name)
    interrupt.abort(error)
    reject(error)
  }
  const names = ['SIGINT', 'SIGTERM'] as const
  for (const name of names) process.once(name, stop)
  const release = () => {
    for (const name of names) process.off(name, stop)
  }
  return { signal: interrupt.signal, reason, release }
}
