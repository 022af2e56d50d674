import type { Visit } from '../visit.ts'
import { toAccessRecord } from './access-record.ts'

/** One for all: capturing a stack for each request would be the dearest part of its record. */
const visitOver = new Error('The visit is over')

/** The visitor's side is closed: ends what is left of the visit and writes its record, once. */
export function recordVisit(visit: Visit): void {
  visit.end(visitOver)
  if (visit.isRecorded || !visit.isKnown) return
  visit.isRecorded = true
  visit.ports.record(toAccessRecord(visit))
}
