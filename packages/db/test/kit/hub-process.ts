import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'

export interface HubProcess {
  readonly lines: readonly string[]
  /** Waits for a line with this start and returns it. */
  readonly waitForLine: (start: string) => Promise<string>
  readonly kill: () => Promise<void>
  /** Ends it in order. */
  readonly end: () => Promise<void>
}

/** Starts processes/hub.ts on a data folder. */
export function startHubProcess(dataDir: string, mode: 'idle' | 'write'): HubProcess {
  const script = fileURLToPath(new URL('processes/hub.ts', import.meta.url))
  const child = spawn(process.execPath, [script, dataDir, mode], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines: string[] = []
  const ended = once(child, 'close')
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  return {
    lines,
    async waitForLine(start) {
      return vi.waitFor(() => {
        const found = lines.find((line) => line.startsWith(start))
        if (found === undefined) throw new Error(`No line "${start}" in: ${lines.join(' | ')}`)
        return found
      }, 30_000)
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async end() {
      child.stdin.end()
      await ended
    },
  }
}
