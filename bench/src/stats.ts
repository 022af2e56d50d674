/** Median of finite numbers, the mean of the middle two for an even count; undefined for none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  if (upper === undefined || lower === undefined) return undefined
  return (lower + upper) / 2
}

/**
 * Ratio of two series measured in the same rounds: the median of the rounds' own ratios, so that a neighbour's load,
 * which slows both in one round, cancels out. Undefined where no round has both.
 */
export function medianRatio(
  values: ReadonlyMap<number, number>,
  base: ReadonlyMap<number, number>,
): number | undefined {
  return median(roundRatios(values, base))
}

/** The ratio of each round that has both values, in the order of `values`. */
export function roundRatios(
  values: ReadonlyMap<number, number>,
  base: ReadonlyMap<number, number>,
): readonly number[] {
  const ratios: number[] = []
  for (const [round, value] of values) {
    const divisor = base.get(round)
    if (divisor !== undefined && divisor > 0) ratios.push(value / divisor)
  }
  return ratios
}

/** A shuffled copy (Fisher-Yates); `random` gives numbers in [0, 1). */
export function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const shuffled = [...items]
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1))
    const moved = shuffled[last] as T
    shuffled[last] = shuffled[other] as T
    shuffled[other] = moved
  }
  return shuffled
}
