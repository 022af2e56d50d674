import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const repositoryRoot = fileURLToPath(new URL('../../../..', import.meta.url))

/** A child process whose output is kept and can be waited for. */
export class Program {
  readonly child: ChildProcess
  readonly exited: Promise<number | null>
  output = ''
  readonly #waiting = new Set<() => void>()

  constructor(args: readonly string[], env: Readonly<Record<string, string>>, cwd = repositoryRoot) {
    this.child = spawn(process.execPath, args, {
      cwd,
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text
        for (const check of this.#waiting) check()
      })
    }
    this.exited = once(this.child, 'exit').then(([code]) => {
      for (const check of this.#waiting) check()
      return code as number | null
    })
  }

  /** The first match in what the program printed so far or prints within the deadline. */
  async waitFor(pattern: RegExp, timeoutMs = 60_000): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        this.#waiting.delete(check)
        clearTimeout(timer)
      }
      const check = () => {
        const match = pattern.exec(this.output)
        if (match === null && this.child.exitCode === null && this.child.signalCode === null) return
        finish()
        if (match === null) reject(new Error(`exited before it printed ${String(pattern)}:\n${this.output}`))
        else resolve(match)
      }
      const timer = setTimeout(() => {
        finish()
        reject(new Error(`did not print ${String(pattern)} within ${timeoutMs} ms:\n${this.output}`))
      }, timeoutMs)
      this.#waiting.add(check)
      check()
    })
  }

  /** Ends it and answers its exit code, null when a signal did it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal)
    return this.exited
  }
}

/** A folder that is gone when the test is over; any user may enter it, as the embedded PostgreSQL must. */
export function makeTemporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'private-connect-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
