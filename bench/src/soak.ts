import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Pool } from 'undici'
import { createProcesses } from './processes.ts'
import { countTcpSockets, readResidentBytes } from './process-tree.ts'
import { createDisturbances } from './soak/disturbances.ts'
import type { Disturbances } from './soak/disturbances.ts'
import { startSoakStage } from './soak/soak-stage.ts'
import type { SoakStage } from './soak/soak-stage.ts'
import { createTally } from './soak/tally.ts'
import type { Tally } from './soak/tally.ts'
import { listKinds, runTraffic } from './soak/traffic.ts'
import { judgeSoak } from './soak/verdict.ts'
import type { MemorySample } from './soak/verdict.ts'

const sampleEveryMs = 5000
const print = (line: string) => console.log(line)
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '20' } } })
const minutes = Number(values.minutes)
if (!(minutes > 0 && minutes <= 1440)) throw new Error('--minutes takes a number up to 1440')

const workDir = mkdtempSync(join(tmpdir(), 'private-connect-soak-'))
// A root hub's PostgreSQL runs as another user, who has to pass through on the way to its data.
chmodSync(workDir, 0o711)
const processes = createProcesses(workDir)
const interrupt = new AbortController()
process.on('exit', () => processes.killAll())
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => interrupt.abort(new Error(signal)))
try {
  await soak()
} finally {
  await processes.stopAll()
  rmSync(workDir, { recursive: true, force: true })
}

/** Half of the time with restarts, then half without, from which memory is judged. */
async function soak(): Promise<void> {
  const stage = await startSoakStage(processes, workDir)
  const disturbances = createDisturbances(() => performance.now(), 5000)
  const tally = createTally(listKinds(Object.keys(stage.sharePaths)), disturbances)
  const socketsBefore = countBoth(stage)
  const pools: Pool[] = []
  const visit = (sharePath: string) => {
    const pool = new Pool(`http://127.0.0.1:${stage.hubPort}`, { connections: 64 })
    pools.push(pool)
    return { pool, port: stage.hubPort, sharePath }
  }
  const shares = { direct: visit(stage.sharePaths.direct), tunnel: visit(stage.sharePaths.tunnel) }
  const stop = new AbortController()
  const traffic = runTraffic(shares, tally, AbortSignal.any([stop.signal, interrupt.signal]))
  const halfMs = minutes * 30_000
  await restartInTurn({ stage, disturbances, tally, untilMs: performance.now() + halfMs })
  const memory = await sampleMemory({ stage, tally, untilMs: performance.now() + halfMs })
  stop.abort()
  await traffic
  await Promise.all(pools.map((pool) => pool.destroy()))
  const sockets = await waitForSockets(stage, socketsBefore)
  const verdict = judgeSoak({ ...tally, memory, sockets })
  print(`\n${verdict.lines.join('\n')}\n\n${verdict.passed ? 'PASSED' : 'FAILED'}`)
  if (!verdict.passed) process.exitCode = 1
}

interface Phase {
  readonly stage: SoakStage
  readonly tally: Tally
  readonly untilMs: number
}

/** Ends and kills the hub and the agent in turn, with time between to get going again. */
async function restartInTurn(phase: Phase & { disturbances: Disturbances }): Promise<void> {
  const { stage, disturbances, untilMs } = phase
  const restarts = [
    { name: 'hub SIGTERM', run: () => stage.restartHub('SIGTERM') },
    { name: 'agent SIGTERM', run: () => stage.restartAgent('SIGTERM') },
    { name: 'hub SIGKILL', run: () => stage.restartHub('SIGKILL') },
    { name: 'agent SIGKILL', run: () => stage.restartAgent('SIGKILL') },
  ]
  const pauseMs = Math.max(10_000, (minutes * 30_000) / 9)
  for (let turn = 0; performance.now() + pauseMs < untilMs; turn += 1) {
    await delay(pauseMs, undefined, { signal: interrupt.signal })
    const restart = restarts[turn % restarts.length]
    if (restart) {
      print(`restart: ${restart.name}; ${summarize(phase.tally)}`)
      await disturbances.during(restart.run)
    }
  }
  await delay(Math.max(0, untilMs - performance.now()), undefined, { signal: interrupt.signal })
}

async function sampleMemory({ stage, tally, untilMs }: Phase): Promise<Record<string, MemorySample[]>> {
  const memory: Record<'hub' | 'agent', MemorySample[]> = { hub: [], agent: [] }
  const startMs = performance.now()
  let printedAtMs = 0
  while (performance.now() < untilMs) {
    await delay(sampleEveryMs, undefined, { signal: interrupt.signal })
    const atMs = performance.now()
    // The first third is warm-up: heaps and compiled code still grow.
    if (atMs - startMs > (untilMs - startMs) / 3) {
      memory.hub.push({ atMs, residentBytes: readResidentBytes(stage.hub.pid) })
      memory.agent.push({ atMs, residentBytes: readResidentBytes(stage.agent.pid) })
    }
    if (atMs - printedAtMs > 30_000) {
      printedAtMs = atMs
      const { hub, agent } = stage
      const [hubMiB, agentMiB] = [hub, agent].map(({ pid }) => Math.round(readResidentBytes(pid) / 1024 ** 2))
      print(`hub ${hubMiB} MiB, agent ${agentMiB} MiB; ${summarize(tally)}`)
    }
  }
  return memory
}

function summarize({ completed, failedExcused, failedUnexcused, crossed }: Tally): string {
  const total = Object.values(completed).reduce((sum, count) => sum + count, 0)
  return `${total} completed, ${failedExcused} failed around restarts, ${failedUnexcused.length} otherwise, ${crossed.length} crossed`
}

function countBoth(stage: SoakStage) {
  return { hub: countTcpSockets(stage.hub.pid), agent: countTcpSockets(stage.agent.pid) }
}

/** Idle upstream connections may live on for a while; a leak lives longer. */
async function waitForSockets(stage: SoakStage, before: { hub: number; agent: number }) {
  const deadlineMs = performance.now() + 90_000
  let after = countBoth(stage)
  while (performance.now() < deadlineMs && (after.hub > before.hub || after.agent > before.agent)) {
    await delay(1000)
    after = countBoth(stage)
  }
  return {
    hub: { before: before.hub, after: after.hub },
    agent: { before: before.agent, after: after.agent },
  }
}
