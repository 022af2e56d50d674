import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { onLiveStage } from './live/live-stage.ts'
import { openStreams } from './live/open-stream.ts'
import { readCpuSeconds, readResidentBytes } from './process-tree.ts'

// What idle WebSockets and event streams through the tunnel cost the hub. The bar: 10,000 in less than 400 MiB of
// resident memory, all of the hub counted, and less than 5 % of a core.

const { values } = parseArgs({ options: { streams: { type: 'string', default: '10000' } } })
const count = Number(values.streams)
if (!Number.isSafeInteger(count) || count < 1 || count > 18_000) throw new Error('--streams takes 1 to 18000')
const residentMaxMiB = 400
const cpuMax = 0.05
const idleSeconds = 20

await onLiveStage(async ({ hub, agent, share, port }) => {
  const readMiB = (pid: number): number => readResidentBytes(pid) / 1024 ** 2
  const before = { hub: readMiB(hub.child.pid), agent: readMiB(agent.pid) }
  const visited = { port, sharePath: share.sharePath }
  const streams = await openStreams(visited, { count, kinds: ['websocket', 'events'] })
  await delay(5000)
  const startSeconds = readCpuSeconds([hub.child.pid], 'self')
  await delay(idleSeconds * 1000)
  const cpu = (readCpuSeconds([hub.child.pid], 'self') - startSeconds) / idleSeconds
  const after = { hub: readMiB(hub.child.pid), agent: readMiB(agent.pid) }
  const lost = streams.filter(({ closedAtMs }) => closedAtMs !== null).length
  console.log(`${count} idle streams through the tunnel, ${lost} lost`)
  console.log('| process | MiB before | MiB with them | KiB each |\n| --- | --- | --- | --- |')
  for (const name of ['hub', 'agent'] as const) {
    const each = ((after[name] - before[name]) * 1024) / count
    console.log(`| ${name} | ${before[name].toFixed(0)} | ${after[name].toFixed(0)} | ${each.toFixed(1)} |`)
  }
  console.log(`the hub's CPU meanwhile: ${(cpu * 100).toFixed(1)} % of a core`)
  const isGood = after.hub < residentMaxMiB && cpu < cpuMax && lost === 0
  console.log(isGood ? 'PASSED' : `FAILED (limits: ${residentMaxMiB} MiB, ${cpuMax * 100} %)`)
  if (!isGood) process.exitCode = 1
  for (const { socket } of streams) socket.destroy()
})
