import type { ListeningPort } from '@private-connect/ui/desktop'

/** What a port seems to be. */
export interface Guess {
  /** Null where nothing tells. */
  readonly framework: string | null
  readonly kind: ListeningPort['kind']
}
