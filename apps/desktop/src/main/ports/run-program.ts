import { execFile } from 'node:child_process'

/** What a system program prints; a failure counts as what it printed until then. Absolute path, no shell. */
export type RunProgram = (file: string, args: readonly string[]) => Promise<string>

export const runProgram: RunProgram = (file, args) =>
  new Promise((done) => {
    const options = { timeout: 5000, maxBuffer: 16 * 1024 * 1024, windowsHide: true } as const
    execFile(file, [...args], options, (_error, stdout) => done(stdout))
  })
