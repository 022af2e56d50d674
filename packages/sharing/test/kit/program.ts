import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** A child process whose output is kept and can be waited for. */
export interface Program {
  readonly child: ChildProcess
  /** Everything printed so far. */
  output(): string
  /** The first match in what it printed or prints within the deadline. */
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>
  /** Sends the signal, if it still runs, and answers its exit code; null when a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  readonly exited: Promise<number | null>
}

/** Runs `node <args>` with these variables and no others but PATH. */
export function startProgram(args: readonly string[], env: Readonly<Record<string, string>>): Program {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const checks = new Set<() => void>()
  const runChecks = (): void => checks.forEach((check) => check())
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      runChecks()
    })
  }
  // `close` comes after the last output, `exit` may come before it.
  let isClosed = false
  const exited = once(child, 'close').then(([code]) => {
    isClosed = true
    runChecks()
    return code as number | null
  })
  return {
    child,
    exited,
    output: () => output,
    waitFor: (pattern, timeoutMs = 30_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => settle(`within ${timeoutMs} ms`), timeoutMs)
        const settle = (failure: string | null, match?: RegExpExecArray): void => {
          clearTimeout(timer)
          checks.delete(check)
          if (match === undefined)
            reject(new Error(`${String(pattern)} was not printed ${failure}:\n${output}`))
          else resolve(match)
        }
        const check = (): void => {
          const match = pattern.exec(output)
          if (match !== null) settle(null, match)
          else if (isClosed) settle('before the end')
        }
        checks.add(check)
        check()
      }),
    async stop(signal = 'SIGINT') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      return exited
    },
  }
}
