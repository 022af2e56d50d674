export interface MemorySample {
  readonly atMs: number
  readonly bytes: number
}

export interface SoakFacts {
  readonly completed: Readonly<Record<string, number>>
  /** Answers or bytes that belonged to another request. */
  readonly crossed: readonly string[]
  readonly failedUnexcused: readonly string[]
  readonly failedExcused: number
  /** From the quiet half, in which nothing is restarted: what is resident, and what is alive after a collection. */
  readonly memory: Readonly<Record<string, readonly MemorySample[]>>
  /** Sockets, timers and the like, by process and kind: without traffic, before and after all of it. */
  readonly resources: Readonly<Record<string, BeforeAfter>>
}

export interface BeforeAfter {
  readonly before: number
  readonly after: number
}

export interface SoakVerdict {
  readonly passed: boolean
  readonly lines: readonly string[]
}

/** Growth that the garbage collector's own swings do not explain. */
const growthMaxMiBPerMin = 2
/** Below this the swings are all that one sees. */
const judgedMinutesMin = 4
/** Idle connections and short timers that either side may still keep. */
const resourcesMore = 2

export function judgeSoak(facts: SoakFacts): SoakVerdict {
  const checks = [
    ...Object.entries(facts.completed).map(([kind, count]) => ({
      isGood: count > 0,
      text: `${kind}: ${count} completed`,
    })),
    check(facts.crossed.length === 0, `crossed responses: ${facts.crossed.length}`, facts.crossed),
    check(
      facts.failedUnexcused.length === 0,
      `failures: ${facts.failedUnexcused.length} apart from restarts, ${facts.failedExcused} around them`,
      facts.failedUnexcused,
    ),
    ...Object.entries(facts.memory).map(([name, samples]) => judgeMemory(name, samples)),
    ...Object.entries(facts.resources).map(([name, { before, after }]) =>
      check(after <= before + resourcesMore, `${name}: ${before} before, ${after} after`, []),
    ),
  ]
  return {
    passed: checks.every(({ isGood }) => isGood),
    lines: checks.map(({ isGood, text }) => `${isGood ? 'ok  ' : 'FAIL'} ${text}`),
  }
}

/** Least-squares slope in MiB a minute; 0 for fewer than two moments. */
export function memorySlope(samples: readonly MemorySample[]): number {
  const meanAt = mean(samples.map(({ atMs }) => atMs))
  const meanBytes = mean(samples.map(({ bytes }) => bytes))
  let covariance = 0
  let variance = 0
  for (const { atMs, bytes } of samples) {
    covariance += (atMs - meanAt) * (bytes - meanBytes)
    variance += (atMs - meanAt) ** 2
  }
  return variance === 0 ? 0 : ((covariance / variance) * 60_000) / 1024 ** 2
}

function judgeMemory(name: string, samples: readonly MemorySample[]) {
  const slope = memorySlope(samples)
  const minutes = ((samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0)) / 60_000
  const peakMiB = Math.max(0, ...samples.map(({ bytes }) => bytes)) / 1024 ** 2
  const text = `${name} memory: ${slope.toFixed(2)} MiB/min over ${minutes.toFixed(1)} min, peak ${peakMiB.toFixed(0)} MiB`
  if (minutes < judgedMinutesMin) return { isGood: true, text: `${text} (too short to judge)` }
  return { isGood: slope <= growthMaxMiBPerMin, text }
}

function check(isGood: boolean, text: string, details: readonly string[]) {
  return { isGood, text: [text, ...details.slice(0, 10)].join('\n       ') }
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
