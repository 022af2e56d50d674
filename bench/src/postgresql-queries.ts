import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '@private-connect/db/embedded'
import { defaultQueryCaps, loadEngine, type QueryConnection } from '@private-connect/proxy/query'
import pg from 'pg'
import { describeMachine } from './machine.ts'

/** SPEC §7 and issue 5: the first rows of ten million, and what the gateway adds to a driver that connects for each query. */
const firstRowsMsMax = 1_000
const overheadMax = 2

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '10000000' }, rounds: { type: 'string', default: '200' } },
})
const rowCount = Number(values.rows)
const rounds = Number(values.rounds)
if (!(rowCount >= 10_000 && rowCount <= 100_000_000)) throw new Error('--rows takes 10000 to 100000000')
if (!(rounds >= 10 && rounds <= 10_000)) throw new Error('--rounds takes 10 to 10000')

const workDir = mkdtempSync(join(tmpdir(), 'private-connect-queries-'))
// A root hub's PostgreSQL runs as another user, who has to pass through on the way to its data.
chmodSync(workDir, 0o711)
const silent = { info() {}, warn() {} }
const settings = {
  listen_addresses: '127.0.0.1',
  fsync: 'off',
  synchronous_commit: 'off',
  max_wal_size: '4GB',
}
const postgres = await startEmbeddedPostgres({ dataDir: workDir, log: silent, settings })
const admin = new pg.Client({ connectionString: postgres.url })
try {
  await admin.connect()
  await admin.query("CREATE ROLE reader LOGIN PASSWORD 'reader-password'")
  await admin.query(
    `CREATE TABLE big AS SELECT g AS id, md5(g::text) AS text, now() AS at FROM generate_series(1, ${rowCount}) g`,
  )
  await admin.query('GRANT SELECT ON big TO reader')
  await measure()
} finally {
  await admin.end()
  await postgres.stop()
  rmSync(workDir, { recursive: true, force: true })
}

async function measure(): Promise<void> {
  const { cores, cpuModel, loadBefore } = describeMachine()
  console.log(`${cores} cores (${cpuModel}), load ${loadBefore.toFixed(2)}`)
  const ask = await createAsk()
  await ask('SELECT 1')
  const before = process.memoryUsage().rss
  let peak = before
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5)
  const first: number[] = []
  const idle: number[] = []
  for (let run = 0; run < 10; run += 1) {
    const startMs = performance.now()
    const { rows, truncated } = await ask('SELECT * FROM big')
    first.push(performance.now() - startMs)
    if (rows.length !== defaultQueryCaps.rowsMax || !truncated) throw new Error('not the first rows')
    idle.push(await untilIdle())
  }
  clearInterval(watch)
  const slowest = Math.max(...first)
  const mebibytes = Math.round((peak - before) / 2 ** 20)
  console.log(
    `first ${defaultQueryCaps.rowsMax} of ${rowCount} rows: median ${median(first).toFixed(0)} ms, slowest ${slowest.toFixed(0)} ms (at most ${firstRowsMsMax}: ${slowest < firstRowsMsMax ? 'pass' : 'miss'}), +${mebibytes} MiB, backend gone ${Math.max(...idle).toFixed(0)} ms later at the latest`,
  )
  await compare(ask)
}

/** Interleaved, so that both see the same machine. */
async function compare(ask: (query: string) => Promise<unknown>): Promise<void> {
  const bare: number[] = []
  const ours: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (const [samples, query] of [
      [bare, askBare],
      [ours, ask],
    ] as const) {
      const startMs = performance.now()
      await query(`SELECT * FROM big WHERE id < 100 LIMIT ${(round % 10) + 1}`)
      samples.push(performance.now() - startMs)
    }
  }
  const ratio = median(ours) / median(bare)
  console.log(
    `one query: bare driver with connect p50 ${median(bare).toFixed(2)} ms, gateway p50 ${median(ours).toFixed(2)} ms, ×${ratio.toFixed(2)} (below ${overheadMax}: ${ratio < overheadMax ? 'pass' : 'miss'})`,
  )
}

function login(): { port: number; database: string } {
  const { port, pathname } = new URL(postgres.url)
  return { port: Number(port), database: pathname.slice(1) }
}

async function askBare(query: string): Promise<void> {
  const client = new pg.Client({ host: '127.0.0.1', ...login(), user: 'reader', password: 'reader-password' })
  await client.connect()
  await client.query(query)
  await client.end()
}

async function createAsk() {
  const engine = await loadEngine('postgresql')
  const { port, database } = login()
  const connection: QueryConnection = {
    host: 'localhost',
    login: { username: 'reader', password: 'reader-password', database },
    tls: 'off',
    dial: () => dial(port),
  }
  const rules = { allowWrites: false, maskedColumns: [], allowPrivilegedRole: false }
  return async (query: string) => {
    const request = { query, params: [] }
    const checked = await engine.check(request, rules)
    const { signal } = new AbortController()
    return engine.execute(checked, { connection, request, rules, caps: defaultQueryCaps, signal })
  }
}

function dial(port: number): Promise<Duplex> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })
}

async function untilIdle(): Promise<number> {
  const startMs = performance.now()
  for (;;) {
    const { rowCount } = await admin.query("SELECT 1 FROM pg_stat_activity WHERE usename = 'reader'")
    if (rowCount === 0) return performance.now() - startMs
  }
}

function median(samples: readonly number[]): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN
}
