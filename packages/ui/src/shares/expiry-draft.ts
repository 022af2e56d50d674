import { durations, type Duration } from './durations.ts'

/** `keep`: the end that it has. `at`: the time that `at` names, as the form's field writes it, in the reader's own zone. */
export interface ExpiryDraft {
  readonly kind: Duration | 'keep' | 'at'
  readonly at: string
}

export const expiryKinds: ReadonlyArray<readonly [ExpiryDraft['kind'], string]> = [
  ...durations,
  ['at', 'At a time that I choose'],
]

/** As the API takes it; empty where nothing is to change, or the time is not complete yet. */
export function toExpiry({ kind, at }: ExpiryDraft): { expiresIn?: Duration; expiresAt?: string } {
  if (kind === 'keep') return {}
  if (kind !== 'at') return { expiresIn: kind }
  const time = new Date(at)
  return Number.isNaN(time.getTime()) ? {} : { expiresAt: time.toISOString() }
}
