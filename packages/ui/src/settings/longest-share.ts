const dayS = 86_400

/** How long shares may live at most, as the settings offer it; in seconds, as the API takes it. */
const offered: ReadonlyArray<readonly [seconds: number | null, text: string]> = [
  [null, 'As long as one likes'],
  [dayS / 24, 'An hour'],
  [dayS, 'A day'],
  [7 * dayS, 'A week'],
  [30 * dayS, '30 days'],
  [365 * dayS, 'A year'],
]

const keyOf = (seconds: number | null): string => String(seconds ?? 'any')

/** What can be chosen; a time that another program set is offered as well. */
export function longestShareChoices(seconds: number | null): ReadonlyArray<readonly [string, string]> {
  const isOffered = offered.some(([each]) => each === seconds)
  const own = isOffered
    ? []
    : [[keyOf(seconds), `${Math.round(((seconds ?? 0) / dayS) * 10) / 10} days`] as const]
  return [...offered.map(([each, text]) => [keyOf(each), text] as const), ...own]
}

export function toLongestShare(key: string): number | null {
  return key === keyOf(null) ? null : Number(key)
}

export { keyOf as longestShareKey }
