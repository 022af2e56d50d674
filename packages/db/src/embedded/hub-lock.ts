import pg from 'pg'
import { toConnectionConfig } from '../create-db.ts'

/** Any constant will do, as long as no other lock of the product has it. */
const lockKey = 7_300_001

/** Held as long as its connection lives: the server frees it when this process ends, however it ends. */
export interface HubLock {
  /** Settles when the lock is lost without `release`: the server stopped, or cut the connection. */
  readonly lost: Promise<void>
  readonly release: () => Promise<void>
}

/** Takes the lock that one hub at a time has on its database; null when another has it. */
export async function acquireHubLock(db: { readonly url: string }): Promise<HubLock | null> {
  const client = new pg.Client(
    toConnectionConfig({ url: db.url, statementTimeoutMs: 0, applicationName: 'private-connect hub lock' }),
  )
  let isReleased = false
  const lost = new Promise<void>((resolve) => {
    const settle = () => {
      if (!isReleased) resolve()
    }
    client.once('end', settle)
    // pg tells a cut connection as an error first; without a listener it would end the process.
    client.on('error', settle)
  })
  const release = async () => {
    isReleased = true
    await client.end()
  }
  try {
    await client.connect()
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      lockKey,
    ])
    if (rows[0]?.taken === true) return { lost, release }
  } catch (error) {
    await release()
    throw error
  }
  await release()
  return null
}
