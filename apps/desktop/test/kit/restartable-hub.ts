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
  readonly apiKey: string
  /** What a signed-in browser sends. */
  readonly cookie: string
  /** kill -9. */
  kill(): Promise<void>
  /** A new process on the same data and port. */
  start(): Promise<void>
  /** Calls the API as the owner's key. */
  api(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Record<string, unknown> }>
  /** What the page of the device flow does. */
  decide(userCode: string, decision: 'approve' | 'deny'): Promise<void>
  remove(): Promise<void>
}

/** A real hub process on a free port and an embedded database of its own. */
export async function startTestHub(env: Readonly<Record<string, string>> = {}): Promise<TestHub> {
  const folder = mkdtempSync(join(tmpdir(), 'pc-desktop-hub-'))
  // As root the embedded PostgreSQL runs as another user, who must get in.
  chmodSync(folder, 0o755)
  const settings = { PORT: '0', DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'error', ...env }
  let child = run('main.ts', settings)
  const first = await readStart(child, true)
  const { url } = first
  const fixed = { ...settings, PORT: new URL(url).port }
  const apiKey = await readKey(run('create-api-key.ts', fixed))
  const verified = await fetch(`${url}/v1/auth/verify?token=${first.token}`)
  const cookie = verified.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }
  return {
    url,
    apiKey,
    cookie,
    kill: async () => end('SIGKILL'),
    async start() {
      child = run('main.ts', fixed)
      await readStart(child, false)
    },
    async api(method, path, body) {
      const answer = await fetch(url + path, {
        method,
        headers: {
          'x-api-key': apiKey,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    },
    async decide(userCode, decision) {
      const answer = await fetch(`${url}/v1/device/verify`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: JSON.stringify({ userCode, decision }),
      })
      if (!answer.ok) throw new Error(`the hub answered ${answer.status}`)
    },
    async remove() {
      await end('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function run(file: string, env: Readonly<Record<string, string>>): ChildProcess {
  return startProgram([join(hubSources, file)], { PATH: process.env['PATH'] ?? '', ...env })
}

/** The hub's address, and at the first start the token of its owner's sign-in. */
async function readStart(child: ChildProcess, isFirst: boolean): Promise<{ url: string; token: string }> {
  const text = await readUntil(child, isFirst ? /signin#\S+/ : /^ {2}Hub +http/m)
  return {
    url: /^ {2}Hub +(http\S+)$/m.exec(text)?.[1] ?? '',
    token: /signin#(magic_tok_\w+)/.exec(text)?.[1] ?? '',
  }
}

async function readKey(child: ChildProcess): Promise<string> {
  const text = await readUntil(child, /pc_live_[a-z0-9]{26}/)
  return /pc_live_[a-z0-9]{26}/.exec(text)?.[0] ?? ''
}

async function readUntil(child: ChildProcess, pattern: RegExp): Promise<string> {
  if (child.stdout === null) throw new Error('the program has no output')
  let text = ''
  for await (const line of createInterface({ input: child.stdout })) {
    text += `${line}\n`
    if (!pattern.test(text)) continue
    // What it prints later must not fill the pipe.
    child.stdout.resume()
    return text
  }
  throw new Error(`the program ended early:\n${text}`)
}
