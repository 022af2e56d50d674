import type { Vault } from '@private-connect/api'
import { createDb, migrateDb, type Db } from '@private-connect/db'
import { findRunningPostgres, startEmbeddedPostgres } from '@private-connect/db/embedded'
import type { Env } from '../env.ts'
import { deriveKey, readHubSecrets } from '../secret/hub-secret.ts'
import type { Logger } from '../logging.ts'
import { openVault } from '../secret/open-vault.ts'

export interface Store {
  readonly db: Db
  /** What the database keeps encrypted. */
  readonly vault: Vault
  /** What ids of visitors are made with; after a rotation of the secret they are other ones. */
  readonly visitorKey: Uint8Array
  /** Rejects while the database does not answer, or belongs to another hub. */
  check(): Promise<void>
  close(): Promise<void>
}

/** The hub's database, migrated: the server that DATABASE_URL names, or the embedded one, started and locked. */
export async function openStore(env: Env, log: Logger): Promise<Store> {
  if (env.DATABASE_URL !== undefined) return openMigrated(env.DATABASE_URL, env, log)
  const state: { lost?: Error } = {}
  const embedded = await startEmbeddedPostgres({
    dataDir: env.dataDir,
    log: { info: (message) => log.info(message), warn: (message) => log.warn(message) },
    onLost: (error) => {
      state.lost = error
      log.fatal({ err: error }, 'the embedded database is gone')
    },
  })
  try {
    const store = await openMigrated(embedded.url, env, log)
    return {
      db: store.db,
      vault: store.vault,
      visitorKey: store.visitorKey,
      check: async () => {
        if (state.lost !== undefined) throw state.lost
        await store.check()
      },
      close: async () => {
        await store.close()
        await embedded.stop()
      },
    }
  } catch (error) {
    await embedded.stop()
    throw error
  }
}

/** The database for a command that runs beside a hub, or without one. */
export async function openStoreBesideHub(env: Env, log: Logger): Promise<Store> {
  const running = env.isEmbedded ? await findRunningPostgres(env.dataDir) : null
  return running === null ? openStore(env, log) : openMigrated(running, env, log)
}

async function openMigrated(url: string, env: Env, log: Logger): Promise<Store> {
  const db = await createDb({ url, onIdleError: (err) => log.warn({ err }, 'a database connection broke') })
  try {
    await migrateDb(db)
    const secrets = await readHubSecrets(env)
    const vault = await openVault(db, secrets)
    return {
      db,
      vault,
      visitorKey: deriveKey(secrets.current, 'private-connect visitors v1'),
      check: async () => {
        await db.pool.query('SELECT 1')
      },
      close: async () => db.close(),
    }
  } catch (error) {
    await db.close()
    throw error
  }
}
