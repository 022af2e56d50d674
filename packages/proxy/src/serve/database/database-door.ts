import type { Policy } from '../policy/policy.ts'
import type { Visit } from '../visit.ts'

/** What a request to a database share leads to in place of the app that other shares have, and which rules gate it. */
export interface DatabaseDoor {
  readonly policies: readonly Policy[]
  serve(visit: Visit): void
}
