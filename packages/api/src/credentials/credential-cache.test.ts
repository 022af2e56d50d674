import { describe, expect, it } from 'vitest'
import { createTokenCache } from './credential-cache.ts'
import { hashToken } from './tokens.ts'

interface Row {
  readonly workspaceId: string
  readonly serial: number
}

/** A cache whose clock and store the test moves; every load waits until it is answered. */
function setUp(entriesMax = 100) {
  const asked: Array<{ readonly tokenHash: Uint8Array; answer(row: Row | null | Error): void }> = []
  let clockMs = 0
  const cache = createTokenCache<Row>({
    load: (tokenHash) =>
      new Promise((resolve, reject) => {
        asked.push({ tokenHash, answer: (row) => (row instanceof Error ? reject(row) : resolve(row)) })
      }),
    workspaceOf: (row) => row.workspaceId,
    entriesMax,
    elapsedMs: () => clockMs,
  })
  let serial = 0
  /** Finds a token that has to be asked for. */
  async function load(token: string, workspaceId = 'ws_1'): Promise<Row | null> {
    const found = cache.find(token)
    asked.at(-1)?.answer({ workspaceId, serial: (serial += 1) })
    return found
  }
  return { cache, asked, load, pass: (ms: number) => void (clockMs += ms) }
}

describe('what was found for a token', () => {
  it('is believed for less than a second, and found by the SHA-256 of the token', async () => {
    const { cache, asked, load, pass } = setUp()
    const row = await load('a')
    expect(asked[0]?.tokenHash).toEqual(new Uint8Array(hashToken('a')))
    pass(999)
    expect(await cache.find('a')).toBe(row)
    expect(asked).toHaveLength(1)
    pass(1)
    expect(await load('a')).not.toBe(row)
    expect(asked).toHaveLength(2)
  })

  it('counts its second from when it was asked for, not from when it came', async () => {
    const { cache, asked, pass } = setUp()
    const found = cache.find('a')
    pass(900)
    asked[0]?.answer({ workspaceId: 'ws_1', serial: 0 })
    await found
    pass(100)
    void cache.find('a')
    expect(asked).toHaveLength(2)
  })

  it('is asked for once by all who wait for it', async () => {
    const { cache, asked } = setUp()
    const found = [cache.find('a'), cache.find('a')]
    expect(asked).toHaveLength(1)
    asked[0]?.answer({ workspaceId: 'ws_1', serial: 7 })
    expect(await Promise.all(found)).toEqual([
      { workspaceId: 'ws_1', serial: 7 },
      { workspaceId: 'ws_1', serial: 7 },
    ])
  })

  it('is nothing to remember where it was nothing or failed', async () => {
    const { cache, asked } = setUp()
    const missing = cache.find('a')
    asked[0]?.answer(null)
    expect(await missing).toBeNull()
    const failed = cache.find('a')
    asked[1]?.answer(new Error('no database'))
    await expect(failed).rejects.toThrow('no database')
    expect(cache.size).toBe(0)
    void cache.find('a')
    expect(asked).toHaveLength(3)
  })

  it('goes when the token turns out to be nobody’s any more', async () => {
    const { cache, asked, load, pass } = setUp()
    await load('a')
    pass(1000)
    const found = cache.find('a')
    asked.at(-1)?.answer(null)
    expect([await found, cache.size]).toEqual([null, 0])
  })

  it('is forgotten at once for its workspace, and for no other', async () => {
    const { cache, asked, load } = setUp()
    await load('a')
    const other = await load('b', 'ws_2')
    cache.forget('ws_1')
    expect(await cache.find('b')).toBe(other)
    void cache.find('a')
    expect(asked).toHaveLength(3)
  })

  it('is asked for again where it was on its way when something was forgotten', async () => {
    const { cache, asked } = setUp()
    const found = cache.find('a')
    cache.forget('ws_1')
    asked[0]?.answer({ workspaceId: 'ws_1', serial: 1 })
    await expect.poll(() => asked.length).toBe(2)
    asked[1]?.answer(null)
    expect(await found).toBeNull()
  })

  it('is kept for so many tokens and no more, the newest', async () => {
    const { cache, asked, load } = setUp(10)
    for (let index = 0; index < 1000; index += 1) await load(`token ${index}`)
    expect(cache.size).toBe(10)
    for (let index = 990; index < 1000; index += 1) await cache.find(`token ${index}`)
    expect(asked).toHaveLength(1000)
  })
})
