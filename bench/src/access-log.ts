import { loadavg } from 'node:os'
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createDb, insertAccessLogs, migrateDb, newId } from '@private-connect/db'
import type { Db } from '@private-connect/db'
import { startEmbeddedPostgres } from '@private-connect/db/embedded'
import { createAccessLog } from '@private-connect/proxy/serve'
import type { AccessLog, AccessRecord } from '@private-connect/proxy/serve'
import { readPostgresPid } from './hub.ts'
import { inWorkDir } from './in-work-dir.ts'
import { readCpuSeconds } from './process-tree.ts'

// What the access log costs: records go the hub's way, through its access log into a PostgreSQL of its own.

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '500000' },
    /** Records a second; 0 is as fast as they are written. */
    rate: { type: 'string', default: '0' },
    shares: { type: 'string', default: '10' },
  },
})
const recordCount = readNumber('--records', values.records, 1)
const perSecond = readNumber('--rate', values.rate, 0)
const shareCount = readNumber('--shares', values.shares, 1)
const warmUpCount = 20_000
/** Far from what the log drops at. */
const waitingMax = 20_000
const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36'
const print = (line: string) => console.log(line)

await inWorkDir('access-log', async ({ workDir, processes }) => {
  const postgres = await startEmbeddedPostgres({ dataDir: workDir, log: { info() {}, warn: print } })
  const postgresPid = readPostgresPid(workDir)
  processes.adopt(postgresPid)
  await migrateDb(postgres)
  const db = await createDb({ url: postgres.url })
  await measure(db, postgresPid)
  await db.close()
  await postgres.stop()
})

async function measure(db: Db, postgresPid: number): Promise<void> {
  const shareIds = await createShares(db)
  const written = { records: 0, batches: 0 }
  const access = createAccessLog({
    log: { debug() {}, warn: console.warn, error: console.error },
    async write(records) {
      await insertAccessLogs(db, records)
      written.records += records.length
      written.batches += 1
    },
  })
  const writeAll = (count: number) => writeRecords(count, { access, shareIds, written })
  await writeAll(warmUpCount)
  const batchesBefore = written.batches
  const before = readCosts(postgresPid)
  await writeAll(recordCount)
  report(before, readCosts(postgresPid))
  print(`batches: ${Math.round(recordCount / (written.batches - batchesBefore))} records each`)
  await checkCounts(db, access.droppedCount)
}

interface Way {
  readonly access: AccessLog
  readonly shareIds: readonly string[]
  readonly written: { readonly records: number }
}

/** Resolves when all are written. */
async function writeRecords(count: number, { access, shareIds, written }: Way): Promise<void> {
  const startedMs = performance.now()
  const writtenBefore = written.records
  for (let at = 0; at < count; at += 1) {
    access.record(recordOf(shareIds[at % shareIds.length] ?? '', at))
    if (at % 100 !== 99) continue
    await turn()
    while (at - (written.records - writtenBefore) > waitingMax) await delay(1)
    if (perSecond === 0) continue
    const aheadMs = startedMs + (at / perSecond) * 1000 - performance.now()
    if (aheadMs > 1) await delay(aheadMs)
  }
  await access.flush()
}

interface Costs {
  readonly ms: number
  readonly hub: number
  readonly postgres: number
}

function readCosts(postgresPid: number): Costs {
  const { user, system } = process.cpuUsage()
  return {
    ms: performance.now(),
    hub: (user + system) / 1e6,
    postgres: readCpuSeconds([postgresPid], 'tree'),
  }
}

function report(before: Costs, after: Costs): void {
  const seconds = (after.ms - before.ms) / 1000
  const per10k = (part: 'hub' | 'postgres') => (((after[part] - before[part]) / recordCount) * 1e4).toFixed(3)
  print(`${recordCount} records in ${seconds.toFixed(2)} s: ${Math.round(recordCount / seconds)} a second`)
  print(`CPU seconds for 10,000: hub ${per10k('hub')}, PostgreSQL ${per10k('postgres')}`)
  print(`load average: ${(loadavg()[0] ?? 0).toFixed(1)}`)
}

async function checkCounts(db: Db, dropped: number): Promise<void> {
  const { rows } = await db.pool.query<{ listed: string; counted: string; bytes: string }>(
    `SELECT (SELECT count(*) FROM access_logs) AS listed, (SELECT sum(access_count) FROM shares) AS counted,
       pg_total_relation_size('access_logs') AS bytes`,
  )
  const { listed = '0', counted = '0', bytes = '0' } = rows[0] ?? {}
  const expected = recordCount + warmUpCount - dropped
  if (Number(listed) !== expected || Number(counted) !== expected) {
    throw new Error(`${expected} were recorded, ${listed} are listed and ${counted} counted`)
  }
  print(`${Math.round(Number(bytes) / expected)} bytes for each with its indexes, ${dropped} dropped`)
}

async function createShares(db: Db): Promise<string[]> {
  const ids = Array.from({ length: shareCount }, () => newId('share'))
  await db.pool.query("INSERT INTO workspaces (id, name) VALUES ('ws_bench', 'bench')")
  await db.pool.query(
    `INSERT INTO services (id, workspace_id, name, target_host, target_port)
     VALUES ('svc_bench', 'ws_bench', 'bench', '127.0.0.1', 80)`,
  )
  await db.pool.query(
    `INSERT INTO shares (id, workspace_id, service_id, name)
     SELECT id, 'ws_bench', 'svc_bench', id FROM unnest($1::text[]) AS id`,
    [ids],
  )
  return ids
}

/** As the proxy makes them. */
function recordOf(shareId: string, at: number): AccessRecord {
  return {
    shareId,
    workspaceId: 'ws_bench',
    ipAddress: `203.0.113.${at % 200}`,
    userAgent,
    path: `/api/items/${at % 5000}/pictures`,
    method: 'GET',
    statusCode: at % 50 === 0 ? 404 : 200,
    latencyMs: at % 90,
    timestampMs: Date.now(),
    bytesIn: 0,
    bytesOut: 1024 + (at % 777),
    denied: null,
    visitorId: 'visitor_9d2f6c1b7a3e4f5081726354',
  }
}

function readNumber(option: string, text: string, min: number): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= min) return value
  throw new Error(`${option} takes a whole number from ${min}, not '${text}'`)
}
