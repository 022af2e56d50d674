import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { findFreePort } from './free-port.ts'
import { startHub, type RunningHub } from './hub.ts'
import { describeMachine } from './machine.ts'
import { createProcesses } from './processes.ts'
import { readCpuSeconds } from './process-tree.ts'
import { runWrk } from './wrk.ts'

/** Issue 6: from a visitor's request to the last of 1,000 subscribers, p99. */
const latencyMsMax = 100

const { values } = parseArgs({
  options: {
    subscribers: { type: 'string', default: '1000' },
    visitors: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '5' },
  },
})
const [subscribers, visitors, seconds] = [values.subscribers, values.visitors, values.seconds].map(
  Number,
) as [number, number, number]

const workDir = mkdtempSync(join(tmpdir(), 'private-connect-events-'))
// A root hub's PostgreSQL runs as another user, who has to pass through on the way to its data.
chmodSync(workDir, 0o711)
const processes = createProcesses(workDir)
process.on('exit', () => processes.killAll())
const interrupt = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => interrupt.abort(new Error(signal)))
try {
  await measure()
} finally {
  await processes.stopAll()
  rmSync(workDir, { recursive: true, force: true })
}
process.exit(process.exitCode)

async function measure(): Promise<void> {
  const app = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1')
  await once(app, 'listening')
  const hub = await startHub({
    name: 'hub',
    processes,
    dataDir: join(workDir, 'data'),
    port: await findFreePort(),
    env: { SUBSCRIPTIONS_MAX: '100000', TRUSTED_PROXIES: '127.0.0.1' },
  })
  const { cores, cpuModel, loadBefore } = describeMachine()
  console.log(`${cores} cores (${cpuModel}), load ${loadBefore.toFixed(2)}`)
  const share = await shareApp(hub, app)
  const link = `${hub.url}/shared/${share.token}/`
  await reportLatency(hub, link)
  await reportLoad(hub, link)
  app.close()
}

async function shareApp(hub: RunningHub, app: Server): Promise<{ readonly token: string }> {
  const target = { name: 'app', targetHost: '127.0.0.1', targetPort: (app.address() as AddressInfo).port }
  const made = await hub.call<{ service: { id: string } }>('POST', '/v1/services/external', target)
  const path = `/v1/services/${made.service.id}/shares`
  return (await hub.call<{ share: { token: string } }>('POST', path, { name: 'app' })).share
}

/** One visitor after the other, each heard by all before the next comes. */
async function reportLatency(hub: RunningHub, link: string): Promise<void> {
  const apiKey = /pc_live_\w+/.exec(hub.child.output())?.[0] ?? ''
  let heardCount = 0
  let tellAll = () => {}
  const stop = await subscribeAll(`${hub.url}/trpc/events.stream`, apiKey, (count) => {
    heardCount += count
    if (heardCount >= subscribers) tellAll()
  })
  const latencies: number[] = []
  for (let n = 0; n < visitors; n += 1) {
    heardCount = 0
    const all = new Promise<void>((resolve) => (tellAll = resolve))
    const startedMs = performance.now()
    await visit(link, n)
    await all
    latencies.push(performance.now() - startedMs)
    await wait(20)
  }
  stop()
  const sorted = latencies.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  const isKept = at(0.99) <= latencyMsMax
  console.log(
    `request → heard by the last of ${subscribers} subscribers, ${visitors} visitors: p50 ${at(0.5).toFixed(1)} ms, ` +
      `p99 ${at(0.99).toFixed(1)} ms (at most ${latencyMsMax}: ${isKept ? 'kept' : 'missed'})`,
  )
  if (!isKept) process.exitCode = 1
}

async function subscribeAll(
  url: string,
  apiKey: string,
  heard: (count: number) => void,
): Promise<() => void> {
  const opened = Array.from({ length: subscribers }, async () => {
    const request = get(url, { agent: false, headers: { 'x-api-key': apiKey, accept: 'text/event-stream' } })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    response.setEncoding('utf8')
    response.on('data', (text: string) => heard(text.split('"share.accessed"').length - 1))
    response.on('error', () => {})
    request.on('error', () => {})
    return request
  })
  const requests = await Promise.all(opened)
  return () => {
    for (const request of requests) request.destroy()
  }
}

async function visit(link: string, n: number): Promise<void> {
  const address = `198.51.${100 + Math.floor(n / 250)}.${1 + (n % 250)}`
  const answer = await fetch(link, { headers: { 'x-forwarded-for': address, 'user-agent': `visitor ${n}` } })
  await answer.text()
}

/** One visitor's thousands of requests: one event, and what looking for it costs. */
async function reportLoad(hub: RunningHub, link: string): Promise<void> {
  const before = await countEvents(hub)
  const cpuBefore = readCpuSeconds([hub.child.pid], 'self')
  const result = await runWrk({ url: link, headers: [], connections: 32, seconds, signal: interrupt.signal })
  const cpuMs = (readCpuSeconds([hub.child.pid], 'self') - cpuBefore) * 1000
  await wait(500)
  const events = (await countEvents(hub)) - before
  const perRequestUs = (cpuMs * 1000) / (result.requestsPerSecond * seconds)
  const lookUs = await measureLook()
  const isKept = events === 1 && lookUs / perRequestUs < 0.05
  console.log(
    `${Math.round(result.requestsPerSecond)} requests/s of one visitor: ${events} event(s), ` +
      `${perRequestUs.toFixed(1)} µs of the hub’s CPU a request, of which looking for visits ${lookUs.toFixed(2)} µs ` +
      `(${((lookUs / perRequestUs) * 100).toFixed(2)} %, below 5 %: ${isKept ? 'kept' : 'missed'})`,
  )
  if (!isKept) process.exitCode = 1
}

async function countEvents(hub: RunningHub): Promise<number> {
  let after = 0
  for (let isMore = true; isMore;) {
    const { events } = await hub.call<{ events: { seq: number }[] }>(
      'GET',
      `/v1/events?after=${after}&limit=100`,
    )
    after = events.at(-1)?.seq ?? after
    isMore = events.length === 100
  }
  return after
}

/** What each request pays beyond being served, over 1,000 visitors in turn. */
async function measureLook(): Promise<number> {
  const file = new URL('../../apps/hub/src/events/visit-events.ts', import.meta.url).href
  const { VisitEvents } = (await import(file)) as {
    VisitEvents: new (options: object) => { answered(visit: object): void; ended(record: object): void }
  }
  const options = { tell: async () => [], touch: async () => {}, eventsAppended() {}, log: { warn() {} } }
  const visits = new VisitEvents(options)
  const common = {
    shareId: 'share_1',
    workspaceId: 'ws_1',
    ipAddress: '192.0.2.1',
    userAgent: 'x',
    timestampMs: 0,
  }
  const rounds = 2_000_000
  let startedMs = 0
  for (const count of [rounds / 10, rounds]) {
    startedMs = performance.now()
    for (let n = 0; n < count; n += 1) {
      const visitorId = `visitor_${n % 1000}`
      visits.answered({ ...common, visitorId })
      visits.ended({ ...common, visitorId, denied: null, latencyMs: 1 })
    }
  }
  return ((performance.now() - startedMs) * 1000) / rounds
}
