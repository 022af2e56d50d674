import { tokenHashPrefixBytes } from '@private-connect/db'

export interface LiveTokensOptions {
  /** Reads the beginnings of the hashes of live tokens. */
  readonly list: (limit: number) => Promise<readonly Uint8Array[]>
  readonly nowMs: () => number
}

/** As old may an answer be: a token that was made after it waits for the next list, if it comes from where others guess. */
const freshMs = 10_000
const tokensMax = 100_000

/**
 * Whether a token is likely to exist, without a look-up of it: one list for all who ask within ten seconds. It is asked
 * where the guesses of a network are used up, so that those who have a real token there still pass. With more tokens
 * than the list takes the newest are in it.
 */
export function createLiveTokens({ list, nowMs }: LiveTokensOptions) {
  let known: Promise<ReadonlySet<string>> | null = null
  let listedAtMs = 0

  async function readList(): Promise<ReadonlySet<string>> {
    return new Set((await list(tokensMax)).map(keyOf))
  }

  return async (tokenHash: Uint8Array): Promise<boolean> => {
    const now = nowMs()
    if (known === null || now - listedAtMs >= freshMs || now < listedAtMs) {
      listedAtMs = now
      known = readList()
      // Whoever waits for it is told; the next one asks again.
      known.catch(() => (known = null))
    }
    return (await known).has(keyOf(tokenHash))
  }
}

function keyOf(tokenHash: Uint8Array): string {
  return Buffer.from(tokenHash.subarray(0, tokenHashPrefixBytes)).toString('latin1')
}
