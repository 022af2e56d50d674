// Guarantee (SPEC §13.3, issue 5): a hub that is killed at any moment leaves no query that ran without its committed audit
// row. The target itself tells what ran: each query writes a note of its own there.
import type { Db } from '@private-connect/db'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startHub, startTestHub, type Hub, type TestHub } from './kit/hub.ts'
import { askShare, registerDatabase, shareDatabase, type DatabaseShare } from './kit/shared-database.ts'
import { startTargetDatabase, type TargetDatabase } from './kit/target-database.ts'
import { openHubDb } from './kit/tenants.ts'
import { killDeadlineMs, killPoints } from './kit/kill-points.ts'

let target: TargetDatabase
let hub: TestHub
let share: DatabaseShare

beforeAll(async () => {
  target = await startTargetDatabase()
  hub = await startTestHub({
    LOG_LEVEL: 'trace',
    SHARE_QUERIES_PER_MIN: '1000000',
    SHARE_REQUESTS_PER_MIN: '1000000',
  })
  share = await shareDatabase(hub, await registerDatabase(hub, target), { allowWrites: true })
}, 120_000)
afterAll(async () => {
  await hub?.remove()
  await target?.stop()
})

/** Asks from several visitors until the hub is gone; each query is told apart by its note. */
async function askUntilKilled(url: string, round: number, killed: AbortSignal): Promise<void> {
  const visitor = async (name: string): Promise<void> => {
    for (let at = 0; !killed.aborted; at += 1) {
      const query = `INSERT INTO notes (text) VALUES ('round ${round} ${name} ${at}')`
      await askShare(url, share.token, { query }).catch(() => undefined)
    }
  }
  await Promise.all(['a', 'b', 'c', 'd'].map(visitor))
}

async function recordedQueries(db: Db): Promise<Set<string>> {
  const { rows } = await db.pool.query<{ query: string }>('SELECT query FROM query_audits')
  return new Set(rows.map(({ query }) => query))
}

it(
  `no executed query is without its record, over ${killPoints} kills`,
  { timeout: killDeadlineMs },
  async () => {
    let running: Hub = hub
    for (let round = 1; round <= killPoints; round += 1) {
      const killed = new AbortController()
      const asking = askUntilKilled(running.url, round, killed.signal)
      const notes = async (): Promise<number> =>
        Number(
          (
            await target.admin.pool.query('SELECT count(*) AS n FROM notes WHERE text LIKE $1', [
              `round ${round} %`,
            ])
          ).rows[0]?.n,
        )
      await vi.waitFor(async () => expect(await notes()).toBeGreaterThan(3), { timeout: 60_000, interval: 5 })
      // At any point of a query: they take some milliseconds each.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 40))
      killed.abort()
      await running.program.stop('SIGKILL')
      await asking
      running = await startHub(hub.dataDir, { ...hub.settings, PORT: String(hub.port) })
      await untilQuiet()
      const db = await openHubDb(running)
      const recorded = await recordedQueries(db)
      await db.close()
      const { rows } = await target.admin.pool.query<{ text: string }>('SELECT text FROM notes')
      const unrecorded = rows.filter(
        ({ text }) => !recorded.has(`INSERT INTO notes (text) VALUES ('${text}')`),
      )
      expect(unrecorded).toEqual([])
      // The login was used hundreds of times, and logged never.
      expect(running.program.output).not.toContain('canary-')
    }
    await running.program.stop()
  },
)

/** What the killed hub had sent may still run for a moment. */
async function untilQuiet(): Promise<void> {
  const text = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'auditor'"
  await vi.waitFor(
    async () => expect((await target.admin.pool.query(text)).rows[0]).toEqual({ n: 0 }),
    30_000,
  )
}
