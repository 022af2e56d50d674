import type { MeasurementKind, Sample } from './samples.ts'
import { kindsFor, measure } from './measure.ts'
import type { MeasureOptions } from './measure.ts'
import type { Peer, RunningPeer } from './peers/peer.ts'
import { shuffle } from './stats.ts'

export interface Contestant {
  readonly peer: Peer
  readonly running: RunningPeer
}

export interface RoundsOptions extends Omit<MeasureOptions, 'running'> {
  readonly contestants: readonly Contestant[]
  readonly rounds: number
  readonly kinds: readonly MeasurementKind[]
  readonly budgetSeconds: number
  readonly print: (line: string) => void
}

/**
 * Measures every peer in every round, one kind after the other and within it the peers in a new order, so that what a
 * ratio compares was measured within seconds. A peer that fails keeps its place with the reason.
 */
export async function runRounds(options: RoundsOptions): Promise<Sample[]> {
  const samples: Sample[] = []
  const startMs = performance.now()
  // What runs for the first time is still being compiled and connected: unmeasured, once.
  await runRound({ ...options, seconds: 2 }, { round: 0, kinds: ['requests'] })
  for (let round = 1; round <= options.rounds; round += 1) {
    const elapsedSeconds = (performance.now() - startMs) / 1000
    if (elapsedSeconds > options.budgetSeconds) {
      options.print(`stopping before round ${round}: the budget of ${options.budgetSeconds} s is used`)
      break
    }
    samples.push(...(await runRound(options, { round, kinds: options.kinds })))
  }
  return samples
}

async function runRound(
  options: RoundsOptions,
  { round, kinds }: { round: number; kinds: readonly MeasurementKind[] },
): Promise<Sample[]> {
  const samples: Sample[] = []
  for (const kind of kinds) {
    for (const contestant of shuffle(options.contestants, Math.random)) {
      if (!kindsFor(contestant.peer.group).includes(kind)) continue
      const sample = await takeSample(options, { contestant, kind, round })
      options.print(describeSample(sample, options.rounds))
      samples.push(sample)
    }
  }
  return samples
}

interface Slot {
  readonly contestant: Contestant
  readonly kind: MeasurementKind
  readonly round: number
}

async function takeSample(options: RoundsOptions, { contestant, kind, round }: Slot): Promise<Sample> {
  const { running, peer } = contestant
  const { upstream, seconds, signal } = options
  try {
    setPaused(running, false)
    const values = await measure(kind, { running, upstream, seconds, signal })
    return { peer: peer.name, kind, round, values }
  } catch (error) {
    signal.throwIfAborted()
    return { peer: peer.name, kind, round, values: {}, error: (error as Error).message }
  } finally {
    setPaused(running, true)
  }
}

/** Only peers that would take CPU from the others while they wait for their turn. */
function setPaused(running: RunningPeer, isPaused: boolean): void {
  if (running.isRestless !== true) return
  for (const { pid } of running.all) process.kill(pid, isPaused ? 'SIGSTOP' : 'SIGCONT')
}

function describeSample(sample: Sample, rounds: number): string {
  const values = Object.entries(sample.values).map(([metric, value]) => `${metric} ${value.toPrecision(4)}`)
  const what = sample.error === undefined ? values.join(' · ') : `FAILED: ${sample.error}`
  return `[${sample.round}/${rounds}] ${sample.kind.padEnd(8)} ${sample.peer.padEnd(19)} ${what}`
}
