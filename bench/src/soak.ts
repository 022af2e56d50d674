import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Pool } from 'undici'
import { inWorkDir, type Work } from './in-work-dir.ts'
import { inspectProcess } from './inspect-process.ts'
import { countTcpSockets, readResidentBytes } from './process-tree.ts'
import { createDisturbances } from './soak/disturbances.ts'
import type { Disturbances } from './soak/disturbances.ts'
import { startSoakStage } from './soak/soak-stage.ts'
import type { SoakStage } from './soak/soak-stage.ts'
import { createTally } from './soak/tally.ts'
import type { Tally } from './soak/tally.ts'
import { listKinds, runTraffic } from './soak/traffic.ts'
import { judgeSoak } from './soak/verdict.ts'
import type { BeforeAfter, MemorySample } from './soak/verdict.ts'

const sampleEveryMs = 5000
const inspectEveryMs = 15_000
const print = (line: string) => console.log(line)
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '20' } } })
const minutes = Number(values.minutes)
if (!(minutes > 0 && minutes <= 1440)) throw new Error('--minutes takes a number up to 1440')

await inWorkDir('soak', soak)

/** Half of the time with restarts, then half without, from which memory is judged. */
async function soak({ processes, workDir, signal }: Work): Promise<void> {
  const stage = await startSoakStage(processes, workDir)
  const disturbances = createDisturbances(() => performance.now(), 5000)
  const tally = createTally(listKinds(Object.keys(stage.sharePaths)), disturbances)
  const before = await readResources(stage)
  const pools: Pool[] = []
  const visit = (sharePath: string) => {
    const pool = new Pool(`http://127.0.0.1:${stage.hubPort}`, { connections: 64 })
    pools.push(pool)
    return { pool, port: stage.hubPort, sharePath }
  }
  const shares = { direct: visit(stage.sharePaths.direct), tunnel: visit(stage.sharePaths.tunnel) }
  const stop = new AbortController()
  const traffic = runTraffic(shares, tally, AbortSignal.any([stop.signal, signal]))
  const halfMs = minutes * 30_000
  await restartInTurn({ stage, disturbances, tally, signal, untilMs: performance.now() + halfMs })
  const memory = await sampleMemory({ stage, tally, signal, untilMs: performance.now() + halfMs })
  stop.abort()
  await traffic
  await Promise.all(pools.map((pool) => pool.destroy()))
  const resources = await waitForResources(stage, before)
  const verdict = judgeSoak({ ...tally, memory, resources })
  print(`\n${summarize(tally)}`)
  print(`\n${verdict.lines.join('\n')}\n\n${verdict.passed ? 'PASSED' : 'FAILED'}`)
  if (!verdict.passed) process.exitCode = 1
}

interface Phase {
  readonly stage: SoakStage
  readonly tally: Tally
  readonly signal: AbortSignal
  readonly untilMs: number
}

/** Ends and kills the hub and the agent in turn, with time between to get going again. */
async function restartInTurn(phase: Phase & { disturbances: Disturbances }): Promise<void> {
  const { stage, disturbances, signal, untilMs } = phase
  const restarts = [
    { name: 'hub SIGTERM', run: () => stage.restartHub('SIGTERM') },
    { name: 'agent SIGTERM', run: () => stage.restartAgent('SIGTERM') },
    { name: 'hub SIGKILL', run: () => stage.restartHub('SIGKILL') },
    { name: 'agent SIGKILL', run: () => stage.restartAgent('SIGKILL') },
  ]
  const pauseMs = Math.max(10_000, (minutes * 30_000) / 9)
  for (let turn = 0; performance.now() + pauseMs < untilMs; turn += 1) {
    await delay(pauseMs, undefined, { signal })
    const restart = restarts[turn % restarts.length]
    if (restart) {
      print(`restart: ${restart.name}; ${summarize(phase.tally)}`)
      await disturbances.during(restart.run)
    }
  }
  await delay(Math.max(0, untilMs - performance.now()), undefined, { signal })
}

/** The first third is warm-up: compiled code still comes, and V8 gives its heap room until collections get rare. */
async function sampleMemory({
  stage,
  tally,
  signal,
  untilMs,
}: Phase): Promise<Record<string, MemorySample[]>> {
  const memory = { 'hub resident': [], 'hub live': [], 'agent resident': [], 'agent live': [] } as Memory
  const startMs = performance.now()
  let inspectedAtMs = Number.NEGATIVE_INFINITY
  while (performance.now() < untilMs) {
    await delay(sampleEveryMs, undefined, { signal })
    const atMs = performance.now()
    const isWarm = atMs - startMs > (untilMs - startMs) / 3
    const isDue = atMs - inspectedAtMs > inspectEveryMs
    if (isDue) {
      inspectedAtMs = atMs
      await inspectBoth(stage, isWarm ? memory : null)
      print(summarize(tally))
    }
    if (!isWarm) continue
    for (const name of ['hub', 'agent'] as const)
      memory[`${name} resident`].push({ atMs, bytes: readResidentBytes(stage[name].pid) })
  }
  return memory
}

type Memory = Record<`${'hub' | 'agent'} ${'resident' | 'live'}`, MemorySample[]>

/** Once the heap is collected regularly what is resident shows what stays; before, only what V8 allows itself. */
async function inspectBoth(stage: SoakStage, memory: Memory | null): Promise<void> {
  for (const name of ['hub', 'agent'] as const) {
    const residentBytes = readResidentBytes(stage[name].pid)
    if (memory === null) {
      print(`${name}: ${toMiB(residentBytes)} MiB resident`)
      continue
    }
    const atMs = performance.now()
    const { liveBytes } = await inspectProcess(stage[name])
    memory[`${name} live`].push({ atMs, bytes: liveBytes })
    print(`${name}: ${toMiB(residentBytes)} MiB resident, ${toMiB(liveBytes)} MiB alive`)
  }
}

function toMiB(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(0)
}

function summarize({ completed, failedExcused, failedUnexcused, crossed }: Tally): string {
  const total = Object.values(completed).reduce((sum, count) => sum + count, 0)
  return `${total} completed, ${failedExcused} failed around restarts, ${failedUnexcused.length} otherwise, ${crossed.length} crossed`
}

/** What each process holds, by kind; sockets also as the kernel counts them. */
async function readResources(stage: SoakStage): Promise<Record<string, number>> {
  const all: Record<string, number> = {}
  for (const name of ['hub', 'agent'] as const) {
    all[`${name} TCP sockets`] = countTcpSockets(stage[name].pid)
    const { resources } = await inspectProcess(stage[name])
    for (const [kind, count] of Object.entries(resources)) all[`${name} ${kind}`] = count
  }
  return all
}

/** Idle upstream connections may live on for a while; a leak lives longer. */
async function waitForResources(
  stage: SoakStage,
  before: Record<string, number>,
): Promise<Record<string, BeforeAfter>> {
  const deadlineMs = performance.now() + 90_000
  for (;;) {
    const after = await readResources(stage)
    const kinds = Object.keys({ ...before, ...after })
    const isBack = kinds.every((kind) => (after[kind] ?? 0) <= (before[kind] ?? 0))
    if (isBack || performance.now() > deadlineMs) {
      return Object.fromEntries(
        kinds.map((kind) => [kind, { before: before[kind] ?? 0, after: after[kind] ?? 0 }]),
      )
    }
    await delay(2000)
  }
}
