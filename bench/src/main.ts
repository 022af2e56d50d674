import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir, loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { bars, judge } from './bars.ts'
import { inWorkDir } from './in-work-dir.ts'
import { describeMachine } from './machine.ts'
import { parseOptions, usage } from './options.ts'
import type { BenchOptions } from './options.ts'
import { allPeers } from './peers/all-peers.ts'
import type { Peer, PeerContext } from './peers/peer.ts'
import { renderReport, replaceGenerated } from './report.ts'
import type { PeerSummary, Run } from './report.ts'
import { requireTools } from './require-tools.ts'
import { runRounds } from './run-rounds.ts'
import type { Contestant } from './run-rounds.ts'
import { startUpstream } from './upstream.ts'

const repoDir = resolve(import.meta.dirname, '..', '..')
const print = (line: string) => console.log(line)

try {
  const options = parseOptions(process.argv.slice(2))
  await requireTools()
  const run = await runBench(options)
  if (options.shouldWriteReport) writeReport(run)
  print(renderReport(run))
} catch (error) {
  console.error((error as Error).message)
  if ((error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true) console.error(usage)
  process.exitCode = 1
}

async function runBench(options: BenchOptions): Promise<Run> {
  const machine = describeMachine()
  return inWorkDir('bench', async (work) => {
    const upstream = await startUpstream(work.processes, work.workDir)
    try {
      const context = createContext({ ...work, upstreamPort: upstream.port }, options)
      const { contestants, summaries } = await startPeers(selectPeers(options.only), context, work.signal)
      const samples = await runRounds({ ...options, contestants, upstream, signal: work.signal, print })
      return {
        date: `${new Date().toISOString().slice(0, 16)}Z`,
        command: ['npm run bench', ...argumentsAsTyped()].join(' '),
        machine,
        loadAfter: loadavg()[0] ?? 0,
        roundsDone: new Set(samples.map((sample) => sample.round)).size,
        secondsEach: options.seconds,
        peers: await conclude(summaries, contestants),
        samples,
        barResults: bars.map((bar) => judge(bar, samples)),
      }
    } finally {
      upstream.remove()
    }
  })
}

function argumentsAsTyped(): string[] {
  const given = process.argv.slice(2)
  return given.length === 0 ? [] : ['--', ...given]
}

async function conclude(
  summaries: readonly PeerSummary[],
  contestants: readonly Contestant[],
): Promise<PeerSummary[]> {
  const concluded: PeerSummary[] = []
  for (const summary of summaries) {
    const running = contestants.find(({ peer }) => peer.name === summary.name)?.running
    const conclusion = await running?.concludes?.()
    concluded.push(conclusion === undefined ? summary : Object.assign({}, summary, { conclusion }))
  }
  return concluded
}

type StartedHere = Pick<PeerContext, 'workDir' | 'processes' | 'upstreamPort'>

function createContext(started: StartedHere, options: BenchOptions): PeerContext {
  const cacheRoot = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  const cacheDir = join(cacheRoot, 'private-connect-bench')
  mkdirSync(cacheDir, { recursive: true })
  const cpuProfileDir = options.cpuProfileDir === undefined ? undefined : resolve(options.cpuProfileDir)
  return { ...started, cacheDir, cpuProfileDir }
}

function selectPeers(only: readonly string[]): readonly Peer[] {
  const unknown = only.filter((name) => !allPeers.some((peer) => peer.name === name))
  if (unknown.length > 0) {
    throw new Error(`--only knows ${allPeers.map((peer) => peer.name).join(', ')}; not ${unknown.join(', ')}`)
  }
  const isWanted = (name: string) => only.length === 0 || only.includes(name) || name === 'nginx-proxy'
  return allPeers.filter((peer) => isWanted(peer.name))
}

async function startPeers(peers: readonly Peer[], context: PeerContext, signal: AbortSignal) {
  const contestants: Contestant[] = []
  const summaries: PeerSummary[] = []
  for (const peer of peers) {
    signal.throwIfAborted()
    const { name, note } = peer
    try {
      const running = await peer.start(context)
      contestants.push({ peer, running })
      summaries.push({ name, note, version: running.version })
      print(`started ${name}: ${running.version}`)
    } catch (error) {
      // Registries' addresses are of no use to a reader of the report.
      const voidReason = (error as Error).message.replaceAll(/https?:\/\/\S+/g, '…')
      summaries.push({ name, note, version: '', voidReason })
      print(`void    ${name}: ${voidReason}`)
    }
  }
  return { contestants, summaries }
}

function writeReport(run: Run): void {
  const resultsDir = join(repoDir, 'bench', 'results')
  mkdirSync(resultsDir, { recursive: true })
  const file = join(resultsDir, `${run.date.replaceAll(':', '')}.json`)
  writeFileSync(file, `${JSON.stringify(run, undefined, 1)}\n`)
  const document = join(repoDir, 'docs', 'benchmarks.md')
  writeFileSync(document, replaceGenerated(readFileSync(document, 'utf8'), renderReport(run)))
  print(`wrote docs/benchmarks.md and ${file}`)
}
