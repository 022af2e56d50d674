import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { onLiveStage } from './live/live-stage.ts'
import { openStreams } from './live/open-stream.ts'
import { readResidentBytes } from './process-tree.ts'

// What visitors cost the hub who ask for a body of 10 GiB through the tunnel and do not read it. The bar: over 100 of
// them less than 1 MiB of resident memory each.

const { values } = parseArgs({
  options: { streams: { type: 'string', default: '100' }, seconds: { type: 'string', default: '20' } },
})
const count = Number(values.streams)
const seconds = Number(values.seconds)
if (!Number.isSafeInteger(count) || count < 1 || count > 18_000) throw new Error('--streams takes 1 to 18000')
if (!(seconds >= 1 && seconds <= 50)) throw new Error('--seconds takes 1 to 50: after 60 s the hub cuts them')

await onLiveStage(async ({ hub, agent, share, port }) => {
  const readMiB = (pid: number): number => readResidentBytes(pid) / 1024 ** 2
  const visited = { port, sharePath: share.sharePath }
  // What the code itself takes, once for all streams, is there before.
  const warmUp = await openStreams(visited, { count: 1, kinds: ['body'] })
  for (const { socket } of warmUp) socket.destroy()
  await delay(2000)
  const before = { hub: readMiB(hub.child.pid), agent: readMiB(agent.pid) }
  const streams = await openStreams(visited, { count, kinds: ['body'] })
  const peak = { ...before }
  for (let second = 0; second < seconds; second += 1) {
    await delay(1000)
    peak.hub = Math.max(peak.hub, readMiB(hub.child.pid))
    peak.agent = Math.max(peak.agent, readMiB(agent.pid))
  }
  const lost = streams.filter(({ closedAtMs }) => closedAtMs !== null).length
  console.log(`${count} stalled readers of 10 GiB through the tunnel for ${seconds} s, ${lost} lost`)
  console.log('| process | MiB before | peak MiB | MiB each |\n| --- | --- | --- | --- |')
  for (const name of ['hub', 'agent'] as const) {
    const each = (peak[name] - before[name]) / count
    console.log(`| ${name} | ${before[name].toFixed(0)} | ${peak[name].toFixed(0)} | ${each.toFixed(2)} |`)
  }
  const isGood = (peak.hub - before.hub) / count < 1 && lost === 0
  console.log(isGood ? 'PASSED' : 'FAILED (limit: 1 MiB each)')
  if (!isGood) process.exitCode = 1
  for (const { socket } of streams) socket.destroy()
})
