import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { monotonicMs, ways, type SubscribersMessage, type Way } from './events/subscribers.ts'
import { findFreePort } from './free-port.ts'
import { startHub, type RunningHub } from './hub.ts'
import { inWorkDir, type Work } from './in-work-dir.ts'
import { percentile } from './live/percentile.ts'
import { describeMachine } from './machine.ts'
import { readCpuSeconds } from './process-tree.ts'
import { runWrk } from './wrk.ts'

/** Issue 6: from a visitor's request to the last of 1,000 subscribers, p99. */
const latencyMsMax = 100
const messageMsMax = 20_000
const uncountedVisitors = 20

const { values } = parseArgs({
  options: {
    subscribers: { type: 'string', default: '1000' },
    visitors: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '5' },
    ways: { type: 'string', default: ways.join(',') },
    'cpu-prof': { type: 'string' },
  },
})
const [subscribers, visitors, seconds] = [values.subscribers, values.visitors, values.seconds].map(
  Number,
) as [number, number, number]

let visitorCount = 0
const profileDir = values['cpu-prof']

await inWorkDir('events', measure)
process.exit(process.exitCode)

async function measure({ workDir, processes, signal }: Work): Promise<void> {
  const app = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1')
  await once(app, 'listening')
  const hub = await startHub({
    name: 'hub',
    processes,
    dataDir: join(workDir, 'data'),
    port: await findFreePort(),
    env: {
      SUBSCRIPTIONS_MAX: '100000',
      WORKSPACE_SUBSCRIPTIONS_MAX: '100000',
      TRUSTED_PROXIES: '127.0.0.1',
    },
    nodeArgs: profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`],
  })
  const { cores, cpuModel, loadBefore } = describeMachine()
  console.log(`${cores} cores (${cpuModel}), load ${loadBefore.toFixed(2)}`)
  const shareAgain = await shareApp(hub, app)
  for (const way of ways) {
    // Of one share 600 new visitors a minute are told.
    if (values.ways.split(',').includes(way)) await reportLatency(hub, await shareAgain(), way)
  }
  await reportLoad(hub, await shareAgain(), signal)
  app.close()
}

/** Answers how to make a link to the app, a new one each time. */
async function shareApp(hub: RunningHub, app: Server): Promise<() => Promise<string>> {
  const target = { name: 'app', targetHost: '127.0.0.1', targetPort: (app.address() as AddressInfo).port }
  const made = await hub.call<{ service: { id: string } }>('POST', '/v1/services/external', target)
  const path = `/v1/services/${made.service.id}/shares`
  return async () => {
    const { share } = await hub.call<{ share: { token: string } }>('POST', path, { name: 'app' })
    return `${hub.url}/shared/${share.token}/`
  }
}

/** One visitor after the other, each heard by all before the next comes. */
async function reportLatency(hub: RunningHub, link: string, way: Way): Promise<void> {
  const all = await subscribeAll(hub, way)
  // A hub that has just started compiles its code while it serves the first of them.
  for (let n = 0; n < uncountedVisitors; n += 1) await visitAll(all, link)
  const cpuBefore = readCpuSeconds([hub.child.pid], 'self')
  const clientBefore = readCpuSeconds([all.pid ?? 0], 'self')
  const latencies = { first: [] as number[], last: [] as number[] }
  for (let n = 0; n < visitors; n += 1) {
    const { firstMs, lastMs } = await visitAll(all, link)
    latencies.first.push(firstMs)
    latencies.last.push(lastMs)
  }
  const heardCount = visitors * subscribers
  const perHeardUs = ((readCpuSeconds([hub.child.pid], 'self') - cpuBefore) * 1e6) / heardCount
  const clientUs = ((readCpuSeconds([all.pid ?? 0], 'self') - clientBefore) * 1e6) / heardCount
  all.kill()
  await once(all, 'exit')
  const isKept = percentile(latencies.last, 0.99) <= latencyMsMax
  console.log(
    `${way}: request → heard by the first of ${subscribers} subscribers ${describe(latencies.first)}, by the last ` +
      `${describe(latencies.last)} (p99 at most ${latencyMsMax}: ${isKept ? 'kept' : 'missed'}); CPU for each that hears: ` +
      `hub ${perHeardUs.toFixed(1)} µs, this bench’s subscriber ${clientUs.toFixed(1)} µs`,
  )
  if (!isKept) process.exitCode = 1
}

/** One visitor; how long until the first and the last subscriber have heard. */
async function visitAll(all: ChildProcess, link: string): Promise<{ firstMs: number; lastMs: number }> {
  const heard = nextMessage(all)
  const startedMs = monotonicMs()
  await visit(link, (visitorCount += 1))
  const { firstMs, lastMs } = (await heard) as Exclude<SubscribersMessage, 'ready'>
  await wait(20)
  return { firstMs: firstMs - startedMs, lastMs: lastMs - startedMs }
}

function describe(latencies: readonly number[]): string {
  return `p50 ${percentile(latencies, 0.5).toFixed(1)} p99 ${percentile(latencies, 0.99).toFixed(1)} ms`
}

async function subscribeAll(hub: RunningHub, way: Way): Promise<ChildProcess> {
  const file = new URL('./events/subscribers.ts', import.meta.url)
  const key = /pc_live_\w+/.exec(hub.child.output())?.[0] ?? ''
  const options = { port: new URL(hub.url).port, key, count: String(subscribers), way }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  const all = fork(file, args)
  process.once('exit', () => all.kill('SIGKILL'))
  await nextMessage(all)
  return all
}

/** Rejects when it takes longer than anything that would be worth a figure. */
async function nextMessage(all: ChildProcess): Promise<SubscribersMessage> {
  const signal = AbortSignal.timeout(messageMsMax)
  const [message] = (await once(all, 'message', { signal })) as [SubscribersMessage]
  return message
}

async function visit(link: string, n: number): Promise<void> {
  const address = `198.51.${100 + Math.floor(n / 250)}.${1 + (n % 250)}`
  const answer = await fetch(link, { headers: { 'x-forwarded-for': address, 'user-agent': `visitor ${n}` } })
  await answer.text()
}

/** One visitor's thousands of requests: one event, and what looking for it costs. */
async function reportLoad(hub: RunningHub, link: string, signal: AbortSignal): Promise<void> {
  const before = await countEvents(hub)
  const cpuBefore = readCpuSeconds([hub.child.pid], 'self')
  const result = await runWrk({ url: link, headers: [], connections: 32, seconds, signal })
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
