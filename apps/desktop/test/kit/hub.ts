import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { startProgram } from './start-program.ts'

const hubSources = resolve(import.meta.dirname, '../../../hub/src')

export interface TestHub {
  readonly url: string
  /** Signs a browser in, once. */
  readonly signInUrl: string
  remove(): Promise<void>
}

/** A real hub process on a free port and an embedded database of its own. */
export async function startTestHub(): Promise<TestHub> {
  const folder = mkdtempSync(join(tmpdir(), 'pc-desktop-hub-'))
  // As root the embedded PostgreSQL runs as another user, who must get in.
  chmodSync(folder, 0o755)
  const child = startProgram([join(hubSources, 'main.ts')], {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'error',
  })
  const { url, signInUrl } = await readAddresses(child)
  return {
    url,
    signInUrl,
    async remove() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function readAddresses(child: ChildProcess): Promise<{ url: string; signInUrl: string }> {
  if (child.stdout === null) throw new Error('the hub has no output')
  let url: string | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    url ??= /^ {2}Hub +(http\S+)$/.exec(line)?.[1]
    const signInUrl = /^ {2}Sign in \(once\) +(http\S+)$/.exec(line)?.[1]
    // What it prints later must not fill the pipe.
    if (url !== undefined && signInUrl !== undefined) {
      child.stdout.resume()
      return { url, signInUrl }
    }
  }
  throw new Error('the hub ended before it was ready')
}
