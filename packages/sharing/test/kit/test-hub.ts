import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startProgram, type Program } from './program.ts'

const hubSources = resolve(import.meta.dirname, '../../../../apps/hub/src')
/** Its database is made first; several files' tests may do so at once. */
const startTimeoutMs = 100_000

export interface TestHub {
  readonly url: string
  /** Signs a browser in, once. */
  readonly signInUrl: string
  /** The process that runs now. */
  program(): Program
  /** A key of its owner's workspace. */
  createApiKey(): Promise<string>
  /** kill -9. */
  kill(): Promise<void>
  /** A new process on the same data and port. */
  start(): Promise<void>
  remove(): Promise<void>
}

/** A real hub process on a free port and an embedded database of its own. */
export async function startTestHub(env: Readonly<Record<string, string>> = {}): Promise<TestHub> {
  const folder = mkdtempSync(join(tmpdir(), 'pc-test-hub-'))
  // As root the embedded PostgreSQL runs as another user, who must get in.
  chmodSync(folder, 0o755)
  const settings = { PORT: '0', DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'error', ...env }
  let program = run('main.ts', settings)
  const url = await readLine(program, /^ {2}Hub +(http\S+)$/m)
  const signInUrl = await readLine(program, /^ {2}Sign in \(once\) +(http\S+)$/m)
  const fixed = { ...settings, PORT: new URL(url).port }
  return {
    url,
    signInUrl,
    program: () => program,
    async createApiKey() {
      const maker = run('create-api-key.ts', fixed)
      const key = await readLine(maker, /(pc_live_[a-z0-9]{26})/)
      await maker.exited
      return key
    },
    kill: async () => void (await program.stop('SIGKILL')),
    async start() {
      program = run('main.ts', fixed)
      await readLine(program, /^ {2}Hub +(http\S+)$/m)
    },
    async remove() {
      await program.stop('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export interface OwnedHub extends TestHub {
  /** Of its owner's workspace. */
  readonly apiKey: string
}

export async function startOwnedHub(env: Readonly<Record<string, string>> = {}): Promise<OwnedHub> {
  const hub = await startTestHub(env)
  return { ...hub, apiKey: await hub.createApiKey() }
}

function run(file: string, env: Readonly<Record<string, string>>): Program {
  return startProgram([join(hubSources, file)], env)
}

async function readLine(program: Program, pattern: RegExp): Promise<string> {
  const [, value = ''] = await program.waitFor(pattern, startTimeoutMs)
  return value
}
