// Guarantee: who cannot be told apart while the database is away is told so, and is not counted as nobody: a program with a
// valid key gets 503 however often it tries, never the 429 of callers without credentials.
import { expect, it } from 'vitest'
import { startServerHub } from './kit/server-hub.ts'

it('a valid key is answered 503, never 429', async () => {
  const hub = await startServerHub({ ANONYMOUS_REQUESTS_PER_MIN: '5' })
  try {
    await hub.stopDatabase()
    const statuses = new Set<number>()
    for (let call = 0; call < 30; call += 1) statuses.add((await hub.api('GET', '/v1/shares')).status)
    expect(statuses).toEqual(new Set([503]))
  } finally {
    await hub.remove()
  }
})
