import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { Pool } from 'undici'
import { findFreePort } from './free-port.ts'
import { startHub } from './hub.ts'
import { inWorkDir, type Work } from './in-work-dir.ts'
import { describeMachine } from './machine.ts'
import { median } from './stats.ts'
import { startTargetPostgres } from './target-postgres.ts'

/** Issue 5: what a link adds to a bare driver that connects for each query, the record before and after it included. */
const overheadMax = 2

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '300' } } })
const rounds = Number(values.rounds)
if (!(rounds >= 10 && rounds <= 10_000)) throw new Error('--rounds takes 10 to 10000')

const reader = { user: 'reader', password: 'reader-password', database: 'postgres' }

await inWorkDir('query-link', async (work) => {
  const target = await startTargetPostgres(work.processes, join(work.workDir, 'target'))
  await fillTarget(target.url)
  await measure(work, target.port)
})

async function fillTarget(connectionString: string): Promise<void> {
  const admin = new pg.Client({ connectionString })
  await admin.connect()
  await admin.query("CREATE ROLE reader LOGIN PASSWORD 'reader-password'")
  await admin.query(
    "CREATE TABLE users AS SELECT g AS id, 'user' || g AS name FROM generate_series(1, 1000) g",
  )
  await admin.query('GRANT SELECT ON users TO reader')
  await admin.end()
}

async function measure({ workDir, processes }: Work, targetPort: number): Promise<void> {
  const hub = await startHub({
    name: 'hub',
    processes,
    dataDir: join(workDir, 'data'),
    port: await findFreePort(),
  })
  const { service } = await hub.call<{ service: { id: string } }>('POST', '/v1/services/external', {
    name: 'bench',
    targetHost: '127.0.0.1',
    targetPort,
    protocol: 'tcp',
    engine: 'postgresql',
  })
  const { user: username, ...login } = reader
  await hub.call('PUT', `/v1/services/${service.id}/credentials`, { username, ...login })
  const shares = `/v1/services/${service.id}/shares`
  const { share } = await hub.call<{ share: { token: string } }>('POST', shares, { name: 'bench' })
  const visitor = new Pool(hub.url, { connections: 1 })
  const byLink = async (query: string): Promise<void> => {
    const headers = { 'content-type': 'application/json' }
    const path = `/api/shared/${share.token}/query`
    const answer = await visitor.request({ method: 'POST', path, headers, body: JSON.stringify({ query }) })
    const text = await answer.body.text()
    if (answer.statusCode !== 200) throw new Error(text)
  }
  for (let round = 0; round < 20; round += 1) await byLink('SELECT 1')
  report(await compare({ bare: (query) => askBare(targetPort, query), link: byLink }))
  await visitor.close()
}

/** Interleaved, so that both see the same machine. */
async function compare(ask: Record<'bare' | 'link', (query: string) => Promise<void>>) {
  const samples = { bare: [] as number[], link: [] as number[] }
  for (let round = 0; round < rounds; round += 1) {
    const query = `SELECT * FROM users WHERE id < 100 LIMIT ${(round % 10) + 1}`
    samples.bare.push(await timed(() => ask.bare(query)))
    samples.link.push(await timed(() => ask.link(query)))
  }
  return samples
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now()
  await work()
  return performance.now() - startMs
}

async function askBare(port: number, query: string): Promise<void> {
  const client = new pg.Client({ host: '127.0.0.1', port, ...reader })
  await client.connect()
  await client.query(query)
  await client.end()
}

function report({
  bare,
  link,
}: {
  readonly bare: readonly number[]
  readonly link: readonly number[]
}): void {
  const { cores, cpuModel, loadBefore } = describeMachine()
  const [bareMs = Number.NaN, linkMs = Number.NaN] = [median(bare), median(link)]
  const ratio = linkMs / bareMs
  console.log(`${cores} cores (${cpuModel}), load ${loadBefore.toFixed(2)}, ${rounds} rounds`)
  console.log(
    `one query: bare driver with connect p50 ${bareMs.toFixed(2)} ms, by link p50 ${linkMs.toFixed(2)} ms, ×${ratio.toFixed(2)} (below ${overheadMax}: ${ratio < overheadMax ? 'pass' : 'miss'})`,
  )
}
