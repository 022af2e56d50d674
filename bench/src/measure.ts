import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { measureDownload, measureUpload } from './curl.ts'
import type { Peer, RunningPeer } from './peers/peer.ts'
import { readCpuSeconds, readWrittenBytes } from './process-tree.ts'
import type { MeasurementKind, Sample } from './samples.ts'
import type { Upstream } from './upstream.ts'
import { upstreamPaths } from './upstream.ts'
import { runWrk } from './wrk.ts'

export interface MeasureOptions {
  readonly running: RunningPeer
  readonly upstream: Upstream
  readonly seconds: number
  readonly signal: AbortSignal
}

type Values = Sample['values']

/** One keep-alive connection for each of wrk's; many for the rate, few where the latency beside bulk is asked for. */
const rateConnections = 64
const latencyConnections = 8
const transfersEach = 3
const settleStepMs = 400
const settleTriesMax = 40
const idleShare = 0.1

const measures: Record<MeasurementKind, (options: MeasureOptions) => Promise<Values>> = {
  requests: measureRequests,
  download: async (options) => ({
    downloadMbPerS: await measureDownload({
      ...target(options, upstreamPaths.bulk.path),
      bytes: upstreamPaths.bulk.bytes,
      repeat: transfersEach,
    }),
  }),
  upload: async (options) => ({
    uploadMbPerS: await measureUpload({
      ...target(options, upstreamPaths.upload.path),
      bytes: upstreamPaths.bulk.bytes,
      repeat: transfersEach,
      file: options.upstream.bulkFile,
    }),
  }),
  beside: measureBeside,
}

/** Which measurements make sense for a peer: what shares one connection with bulk is only a question for tunnels. */
export function kindsFor(group: Peer['group']): readonly MeasurementKind[] {
  return group === 'tunnel'
    ? ['requests', 'download', 'upload', 'beside']
    : ['requests', 'download', 'upload']
}

export function measure(kind: MeasurementKind, options: MeasureOptions): Promise<Values> {
  return measures[kind](options)
}

async function measureRequests(options: MeasureOptions): Promise<Values> {
  const frontPids = options.running.front.map((child) => child.pid)
  const allPids = options.running.all.map((child) => child.pid)
  const read = () => ({
    hub: readCpuSeconds(frontPids, options.running.frontScope ?? 'tree'),
    total: readCpuSeconds(allPids, 'tree'),
  })
  const before = read()
  const result = await loadSmall(options, rateConnections)
  if (options.running.isRestless !== true) await settle(() => read().total, options.signal)
  const after = read()
  const per10k = (seconds: number) => (seconds / result.requestCount) * 10_000
  return {
    requestsPerSecond: result.requestsPerSecond,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    hubCpuSecondsPer10k: per10k(after.hub - before.hub),
    totalCpuSecondsPer10k: per10k(after.total - before.total),
  }
}

/**
 * Waits until a peer has nothing left to do, such as an access log that is behind: its CPU time belongs to the requests
 * that caused it, and must not burden whoever is measured next.
 */
async function settle(readSeconds: () => number, signal: AbortSignal): Promise<void> {
  let before = readSeconds()
  for (let tries = 0; tries < settleTriesMax; tries += 1) {
    await delay(settleStepMs, undefined, { signal })
    const now = readSeconds()
    if (now - before <= idleShare * (settleStepMs / 1000)) return
    before = now
  }
}

/** Small requests alone, then the same beside one download that takes all it can get. */
async function measureBeside(options: MeasureOptions): Promise<Values> {
  const quiet = await loadSmall(options, latencyConnections)
  const bulk = startBulk(options)
  try {
    await delay(300, undefined, { signal: options.signal })
    const bytesBefore = bulk.bytes()
    const startMs = performance.now()
    const beside = await loadSmall(options, latencyConnections)
    const elapsedSeconds = (performance.now() - startMs) / 1000
    return {
      quietP99Ms: quiet.p99Ms,
      besideP99Ms: beside.p99Ms,
      besideMbPerS: (bulk.bytes() - bytesBefore) / 1e6 / elapsedSeconds,
    }
  } finally {
    await bulk.stop()
  }
}

async function loadSmall(options: MeasureOptions, connections: number) {
  const { url, headers, signal } = target(options, upstreamPaths.small.path)
  const result = await runWrk({ url, headers, signal, connections, seconds: options.seconds })
  if (result.errorCount > 0) throw new Error(`${result.errorCount} of ${result.requestCount} requests failed`)
  return result
}

/** Downloads 1 GiB bodies one after the other until it is stopped. */
function startBulk(options: MeasureOptions) {
  const { url, headers } = target(options, upstreamPaths.huge.path)
  const headerArgs = headers.flatMap((header) => ['-H', header])
  const args = ['-sS', '--http1.1', ...headerArgs, '-o', '/dev/null', `${url}?[1-1000]`]
  const curl = spawn('curl', args, { stdio: 'ignore', signal: options.signal })
  curl.on('error', () => {}) // an abort; `close` follows
  const closed = once(curl, 'close')
  return {
    // Bytes are counted from outside: a pipe into this process would take CPU from what is measured.
    bytes: () => (curl.pid === undefined ? 0 : readWrittenBytes(curl.pid)),
    stop: async () => {
      if (curl.exitCode !== null)
        throw new Error(`the download beside ended with curl's code ${curl.exitCode}`)
      curl.kill('SIGKILL')
      await closed
    },
  }
}

function target(options: MeasureOptions, path: string) {
  const { running, signal } = options
  return { url: `${running.baseUrl}${path}`, headers: running.headers, signal }
}
