import type { ShareDuration } from '@private-connect/api/contracts'

export type Duration = ShareDuration

export const durations: ReadonlyArray<readonly [Duration, string]> = [
  ['1h', 'In an hour'],
  ['24h', 'In 24 hours'],
  ['7d', 'In a week'],
  ['30d', 'In 30 days'],
  ['never', 'Never'],
]

export function isDuration(text: string): text is Duration {
  return durations.some(([duration]) => duration === text)
}
