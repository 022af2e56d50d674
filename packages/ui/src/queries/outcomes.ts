import type { QueryAudit } from '@private-connect/api/contracts'

interface Outcome {
  readonly tone: 'good' | 'late' | 'bad' | 'quiet'
  readonly word: string
}

/** How a query ended, in a word. */
export const outcomes: Readonly<Record<QueryAudit['outcome'], Outcome>> = {
  running: { tone: 'quiet', word: 'Running' },
  ok: { tone: 'good', word: 'Answered' },
  refused: { tone: 'late', word: 'Refused' },
  failed: { tone: 'bad', word: 'Failed' },
  timed_out: { tone: 'late', word: 'Took too long' },
  cancelled: { tone: 'quiet', word: 'Stopped' },
}
