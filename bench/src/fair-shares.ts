import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import { readClockMs } from './live/clock.ts'
import { onLiveStage, type LiveStage } from './live/live-stage.ts'
import { openStreams, type LiveStream } from './live/open-stream.ts'
import { percentile } from './live/percentile.ts'

// What a visitor of one share notices of another share that is busy, through tunnels of two agents. The bar: a share
// that is as busy as the default limits let it be does not double another's p99. Bulk at full speed is measured beside.

const seconds = 8
const requestsPerMin = 5000
const openMax = 190

await onLiveStage(async (stage) => {
  const quiet = await measure(stage, async () => delay(seconds * 1000))
  const limits = await measure(stage, () => beBusy(stage))
  const bulk = await measure(stage, () => download(stage, 4))
  console.log('| the other share | p50 ms | p99 ms |\n| --- | --- | --- |')
  const rows = { idle: quiet, 'at its limits': limits, '4 downloads at full speed': bulk }
  for (const [name, tookMs] of Object.entries(rows))
    console.log(
      `| ${name} | ${percentile(tookMs, 0.5).toFixed(1)} | ${percentile(tookMs, 0.99).toFixed(1)} |`,
    )
  const isGood = percentile(limits, 0.99) < 2 * percentile(quiet, 0.99)
  console.log(isGood ? 'PASSED' : 'FAILED (limit: twice)')
  if (!isGood) process.exitCode = 1
})

/** How long the other visitor's answers took while something ran. */
async function measure(stage: LiveStage, run: () => Promise<void>): Promise<number[]> {
  const other = await stage.startOtherVisitor()
  await delay(500)
  const startMs = readClockMs()
  await run()
  const endMs = readClockMs()
  const taken = await other.stop()
  return taken.filter(([atMs]) => atMs >= startMs && atMs <= endMs).map(([, tookMs]) => tookMs)
}

/** As many streams as a share may have, most of them idle, and as many requests as it may get. */
async function beBusy({ port, share }: LiveStage): Promise<void> {
  const visited = { port, sharePath: share.sharePath }
  const streams = await openStreams(visited, { count: openMax, kinds: ['websocket', 'events'] })
  const endMs = readClockMs() + seconds * 1000
  while (readClockMs() < endMs) {
    const asked = Array.from({ length: 10 }, async () => {
      const { body } = await request(`http://127.0.0.1:${port}${share.sharePath}/small`)
      await body.text()
    })
    await Promise.all([...asked, delay((10 * 60_000) / requestsPerMin)])
  }
  closeAll(streams)
}

async function download({ port, share }: LiveStage, count: number): Promise<void> {
  const streams = await openStreams({ port, sharePath: share.sharePath }, { count, kinds: ['body'] })
  for (const { socket } of streams) socket.resume()
  await delay(seconds * 1000)
  closeAll(streams)
}

function closeAll(streams: readonly LiveStream[]): void {
  for (const { socket } of streams) socket.destroy()
}
