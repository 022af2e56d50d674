import { chmodSync } from 'node:fs'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@private-connect/db/embedded'
import { createApiKey, createRestCaller } from './hub.ts'
import { makeTemporaryFolder, Program } from './processes.ts'

export interface ServerHub {
  readonly program: Program
  readonly url: string
  readonly apiKey: string
  readonly api: ReturnType<typeof createRestCaller>
  stopDatabase(): Promise<void>
  startDatabase(): Promise<void>
  remove(): Promise<void>
}

/** A hub with a PostgreSQL server that is not its own: it can be away while the hub is there. */
export async function startServerHub(env: Readonly<Record<string, string>> = {}): Promise<ServerHub> {
  const folder = makeTemporaryFolder()
  chmodSync(folder.path, 0o755)
  const start = async () =>
    startEmbeddedPostgres({ dataDir: `${folder.path}/server`, log: { info() {}, warn() {} } })
  let postgres: EmbeddedPostgres = await start()
  const settings = {
    PORT: '0',
    DATA_DIR: `${folder.path}/hub`,
    DATABASE_URL: postgres.url,
    HUB_SECRET: '0123456789abcdef0123456789abcdef',
    HUB_URL: 'http://127.0.0.1:7399',
    LINK_URL: 'http://localhost:7399',
    ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
    SHARE_REQUESTS_PER_MIN: '1000000',
    ...env,
  }
  const program = new Program(['apps/hub/src/main.ts'], settings)
  await program.waitFor(/Private Connect is running/)
  const [, port] = await program.waitFor(/"port":(\d+)/)
  const url = `http://127.0.0.1:${port}`
  const apiKey = await createApiKey({ settings })
  return {
    program,
    url,
    apiKey,
    api: createRestCaller(url, apiKey),
    stopDatabase: () => postgres.stop(),
    async startDatabase() {
      postgres = await start()
    },
    async remove() {
      await program.stop('SIGKILL')
      await postgres.stop()
      folder.remove()
    },
  }
}
