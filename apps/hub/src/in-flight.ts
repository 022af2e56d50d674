import type { ServerResponse } from 'node:http'

export interface InFlight {
  track(response: ServerResponse): void
  readonly count: number
}

/** Counts the API's requests that run, so that a stop can wait for them; shares count their own. */
export function createInFlight(): InFlight {
  let count = 0
  return {
    track(response) {
      count += 1
      response.once('close', () => (count -= 1))
    },
    get count() {
      return count
    },
  }
}
