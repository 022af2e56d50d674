import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { makeTemporaryFolder, Program, repositoryRoot } from './processes.ts'

const mainFile = join(repositoryRoot, 'apps/hub/src/main.ts')
const createApiKeyFile = join(repositoryRoot, 'apps/hub/src/create-api-key.ts')

type Settings = Readonly<Record<string, string>>

export interface Hub {
  readonly program: Program
  readonly url: string
  readonly port: number
  readonly dataDir: string
  readonly settings: Settings
  readonly signInUrl: string
}

/** Starts a real hub process on the embedded default; `settings` are environment variables. */
export async function startHub(dataDir: string, settings: Settings = {}): Promise<Hub> {
  const all = { PORT: '0', DATA_DIR: dataDir, ...settings }
  const program = new Program([mainFile], all)
  const [, url = ''] = await program.waitFor(/^ {2}Hub +(http\S+)$/m)
  const [, signInUrl = ''] = await program.waitFor(/^ {2}Sign in \(once\) +(http\S+)$/m)
  return { program, url, port: Number(new URL(url).port), dataDir, settings: all, signInUrl }
}

/** `npm run api-key` beside a running hub. */
export async function createApiKey(hub: Pick<Hub, 'settings'>): Promise<string> {
  const program = new Program([createApiKeyFile], hub.settings)
  const [key] = await program.waitFor(/pc_live_[a-z2-7]{26}/)
  await program.exited
  return key
}

export interface TestHub extends Hub {
  readonly apiKey: string
  readonly api: <T>(method: string, path: string, body?: unknown) => Promise<{ status: number; body: T }>
  readonly remove: () => Promise<void>
}

/** A hub in a folder of its own, with an API key and a small REST caller. */
export async function startTestHub(settings: Settings = {}): Promise<TestHub> {
  const folder = makeTemporaryFolder()
  chmodSync(folder.path, 0o755)
  const hub = await startHub(join(folder.path, 'data'), settings)
  const apiKey = await createApiKey(hub)
  return {
    ...hub,
    apiKey,
    api: createRestCaller(hub.url, apiKey),
    remove: async () => {
      await hub.program.stop()
      folder.remove()
    },
  }
}

export function createRestCaller(url: string, apiKey: string) {
  return async <T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> => {
    const response = await fetch(url + path, {
      method,
      headers: { 'x-api-key': apiKey, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as T }
  }
}
