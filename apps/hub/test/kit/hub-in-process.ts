import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { readEnv } from '../../src/env.ts'
import { createOwnerApiKey, createOwnerSignIn } from '../../src/sign-in/local-owner.ts'
import { createLogger } from '../../src/logging.ts'
import { startHub, type Hub } from '../../src/start-hub.ts'
import { createRestCaller } from './hub.ts'
import { makeTemporaryFolder } from './processes.ts'

export interface InnerHub {
  readonly hub: Hub
  readonly url: string
  readonly port: number
  readonly apiKey: string
  /** One-time token of the owner's first sign-in. */
  readonly signInToken: string
  readonly api: ReturnType<typeof createRestCaller>
  readonly remove: () => Promise<void>
}

/** A whole hub, server and database, within the test's process: for tests that look at or move what is inside. */
export async function startInnerHub(settings: Readonly<Record<string, string>> = {}): Promise<InnerHub> {
  const folder = makeTemporaryFolder()
  chmodSync(folder.path, 0o755)
  const env = readEnv({ PORT: '0', DATA_DIR: join(folder.path, 'data'), LOG_LEVEL: 'fatal', ...settings })
  const hub = await startHub(env, createLogger(env.LOG_LEVEL))
  const url = hub.urls.hubUrl
  const apiKey = await createOwnerApiKey(hub.store.db)
  return {
    hub,
    url,
    port: Number(new URL(url).port),
    apiKey,
    signInToken: await createOwnerSignIn(hub.store.db),
    api: createRestCaller(url, apiKey),
    remove: async () => {
      await hub.stop({ drainTimeoutMs: 0 })
      folder.remove()
    },
  }
}
