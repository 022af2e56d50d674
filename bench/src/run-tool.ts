import { execFile } from 'node:child_process'

export interface ToolRun {
  readonly command: string
  readonly args: readonly string[]
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

/** Runs a short-lived tool to its end and resolves with what it printed on stdout; rejects with its stderr. */
export function runTool(run: ToolRun): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      timeout: run.timeoutMs,
      killSignal: 'SIGKILL' as const,
      maxBuffer: 16 * 1024 * 1024,
      ...(run.signal && { signal: run.signal }),
      ...(run.cwd !== undefined && { cwd: run.cwd }),
      ...(run.env && { env: run.env }),
    }
    execFile(run.command, run.args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${run.command}: ${firstLines(stderr) || error.message}`, { cause: error }))
    })
  })
}

/** Whether a command can be started at all, with the first line that it prints about its version. */
export async function findVersion(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: 10_000 }, (error, stdout, stderr) => {
      if (error !== null && (error as NodeJS.ErrnoException).code === 'ENOENT') resolve(undefined)
      else resolve(`${stdout}\n${stderr}`.trim().split('\n')[0] ?? '')
    })
  })
}

function firstLines(text: string): string {
  return text.trim().split('\n').slice(-4).join(' | ').slice(0, 500)
}
