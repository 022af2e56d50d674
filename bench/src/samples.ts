/** What is measured; the last part of each name is its unit (`Mb` here is 10^6 bytes). */
export const metrics = [
  'requestsPerSecond',
  'p50Ms',
  'p99Ms',
  'hubCpuSecondsPer10k',
  'totalCpuSecondsPer10k',
  'downloadMbPerS',
  'uploadMbPerS',
  'quietP99Ms',
  'besideP99Ms',
  'besideMbPerS',
] as const

export type Metric = (typeof metrics)[number]

export const measurementKinds = ['requests', 'download', 'upload', 'beside'] as const

export type MeasurementKind = (typeof measurementKinds)[number]

/** One measurement of one peer in one round. `error` says why values are missing or doubtful. */
export interface Sample {
  readonly peer: string
  readonly kind: MeasurementKind
  readonly round: number
  readonly values: Partial<Record<Metric, number>>
  readonly error?: string
}

/** Values of one metric by round; a failed measurement leaves its round out. */
export function valuesByRound(samples: readonly Sample[], peer: string, metric: Metric): Map<number, number> {
  const byRound = new Map<number, number>()
  for (const sample of samples) {
    const value = sample.values[metric]
    if (sample.peer === peer && value !== undefined) byRound.set(sample.round, value)
  }
  return byRound
}
