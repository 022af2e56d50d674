import { setTimeout as wait } from 'node:timers/promises'
import type { EventRow } from '@private-connect/db'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLocalBus } from '../bus/local-bus.ts'
import type { EventStore } from './event-channel.ts'
import { EventFeed } from './event-feed.ts'

const workspaceId = 'ws_1'
const log = { warn: vi.fn(), error: vi.fn() }

function createStore() {
  const rows: EventRow[] = []
  const calls = { listAfter: 0 }
  let failures = 0
  const store: EventStore = {
    async listAfter({ seq, limit }) {
      calls.listAfter += 1
      await wait(0)
      if (failures > 0) {
        failures -= 1
        throw new Error('the store is away')
      }
      return rows.filter((row) => row.seq > seq).slice(0, limit)
    },
    listHeads: async (ids) => (
      await wait(0),
      ids.map((id) => ({ workspaceId: id, seq: rows.at(-1)?.seq ?? 0 }))
    ),
  }
  const append = () => {
    const seq = (rows.at(-1)?.seq ?? 0) + 1
    const row = { workspaceId, seq, id: `evt_${seq}`, type: 'share.created', data: {} } as const
    rows.push({ ...row, shareId: null, agentId: null, createdAt: new Date(0) })
  }
  return { store, rows, calls, append, fail: (times: number) => (failures = times) }
}

const open: EventFeed[] = []
afterEach(() => {
  for (const feed of open.splice(0)) feed.close()
})

function createFeed(store: EventStore, pollMs = 20, ringMax = 8) {
  const bus = createLocalBus(log)
  const feed = new EventFeed({ store, bus, log, pollMs, ringMax })
  open.push(feed)
  return { feed, tell: () => bus.publish('events.appended', workspaceId) }
}

/** Reads into `seen` until it is told to leave; a slow one takes its time over each batch. */
function follow(feed: EventFeed, seen: number[], options: { afterSeq: number | null; slowMs?: number }) {
  const leaving = new AbortController()
  const { afterSeq, slowMs = 0 } = options
  const following = feed.follow({ workspaceId, afterSeq, signal: leaving.signal })
  const run = async (): Promise<void> => {
    for await (const batch of await following) {
      for (const { seq } of batch) {
        if (leaving.signal.aborted) return
        seen.push(seq)
      }
      if (slowMs > 0) await wait(slowMs)
    }
  }
  const ended = run()
  // Whoever leaves it is told; until then it is nobody's.
  let hasFailed = false
  ended.catch(() => (hasFailed = true))
  return { following, hasFailed: () => hasFailed, leave: async () => (leaving.abort(), ended) }
}

// Guarantee: a follower that comes back with the number it saw last misses nothing and sees nothing twice, whatever the
// bus loses, the store refuses, or a restart forgets.
describe('the feed of events', () => {
  it('gives every event once, through disconnects, lost messages, failures of the store and restarts', async () => {
    const step = fc.constantFrom('append', 'append', 'lost', 'leave', 'restart', 'fail', 'pause')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { store, append, rows, fail } = createStore()
        let { feed, tell } = createFeed(store, 5)
        const seen: number[] = []
        let follower = follow(feed, seen, { afterSeq: 0 })
        const comeBack = async (): Promise<void> => {
          await follower.leave().catch(() => undefined)
          follower = follow(feed, seen, { afterSeq: seen.at(-1) ?? 0 })
        }
        const doing: Record<typeof step extends fc.Arbitrary<infer Step> ? Step : never, () => unknown> = {
          append: () => (append(), tell()),
          lost: append,
          pause: async () => wait(1),
          leave: comeBack,
          restart: async () => {
            ;({ feed, tell } = createFeed(store, 5))
            await comeBack()
          },
          fail: () => fail(1),
        }
        for (const one of steps) await doing[one]()
        await vi.waitFor(
          async () => {
            // While it opens a failure is the follower's to see: it comes again.
            if (follower.hasFailed()) await comeBack()
            expect(seen).toEqual(rows.map(({ seq }) => seq))
          },
          { timeout: 5_000, interval: 5 },
        )
        await follower.leave().catch(() => undefined)
        for (const old of open.splice(0)) old.close()
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  it('tells what happens from when it is followed, before anybody reads', async () => {
    const { store, append, rows } = createStore()
    append()
    const { feed, tell } = createFeed(store)
    const leaving = new AbortController()
    const [quick, late] = [
      await feed.follow({ workspaceId, afterSeq: null, signal: leaving.signal }),
      await feed.follow({ workspaceId, afterSeq: null, signal: leaving.signal }),
    ]
    append()
    tell()
    expect((await quick.next()).value).toEqual([rows[1]])
    // The feed has read on for others meanwhile.
    expect((await late.next()).value).toEqual([rows[1]])
    leaving.abort()
  })

  it('reads each batch once for a thousand followers', async () => {
    const { store, append, calls } = createStore()
    const { feed, tell } = createFeed(store, 60_000)
    const all = Array.from({ length: 1000 }, () => ({ seen: [] as number[] }))
    const followers = all.map(({ seen }) => follow(feed, seen, { afterSeq: null }))
    await Promise.all(followers.map(async ({ following }) => following))
    expect(calls.listAfter).toBe(1)
    for (let n = 1; n <= 5; n += 1) {
      append()
      tell()
      await vi.waitFor(() => expect(all.every(({ seen }) => seen.length === n)).toBe(true), {
        timeout: 10_000,
      })
    }
    expect(calls.listAfter).toBe(6)
    await Promise.all(followers.map(async ({ leave }) => leave()))
  })

  it('lets a slow follower read on from the store, and holds nobody else up', async () => {
    const { store, append, rows } = createStore()
    const { feed, tell } = createFeed(store)
    const [slow, quick]: [number[], number[]] = [[], []]
    const followers = [follow(feed, slow, { afterSeq: 0, slowMs: 100 }), follow(feed, quick, { afterSeq: 0 })]
    for (let n = 0; n < 100; n += 1) {
      append()
      tell()
      if (n % 10 === 0) await wait(1)
    }
    await vi.waitFor(() => expect(quick).toHaveLength(100), { timeout: 1_000, interval: 1 })
    expect(slow.length).toBeLessThan(100)
    await vi.waitFor(() => expect(slow).toEqual(rows.map(({ seq }) => seq)), { timeout: 5_000 })
    await Promise.all(followers.map(async ({ leave }) => leave()))
  })

  it('finds what the bus lost', async () => {
    const { store, append } = createStore()
    const { feed } = createFeed(store)
    const seen: number[] = []
    const { leave } = follow(feed, seen, { afterSeq: 0 })
    append()
    await vi.waitFor(() => expect(seen).toEqual([1]), { timeout: 10_000 })
    append()
    await vi.waitFor(() => expect(seen).toEqual([1, 2]), { timeout: 10_000 })
    await leave()
  })

  it('begins anew with a number that the store has not reached', async () => {
    const { store, append } = createStore()
    const { feed, tell } = createFeed(store)
    append()
    const seen: number[] = []
    const { following, leave } = follow(feed, seen, { afterSeq: 900 })
    await following
    append()
    tell()
    await vi.waitFor(() => expect(seen).toEqual([2]), { timeout: 10_000 })
    await leave()
  })

  it('tells nothing again to one who heard more from another node than this one has read', async () => {
    const { store, append } = createStore()
    const { feed, tell } = createFeed(store, 60_000)
    const others = follow(feed, [], { afterSeq: null })
    await others.following
    append()
    append()
    const seen: number[] = []
    const { following, leave } = follow(feed, seen, { afterSeq: 2 })
    await following
    append()
    tell()
    await vi.waitFor(() => expect(seen.at(-1)).toBe(3), { timeout: 10_000 })
    expect(seen).toEqual([3])
    await leave()
    await others.leave()
  })

  it('waits with one who comes back when what it has missed is deleted, and asks for that once', async () => {
    const { store, append, rows, calls } = createStore()
    for (let n = 0; n < 20; n += 1) append()
    const newest = rows.at(-1)?.seq ?? 0
    rows.splice(0)
    const { feed } = createFeed({ ...store, listHeads: async () => [{ workspaceId, seq: newest }] }, 60_000)
    const seen: number[] = []
    const { leave } = follow(feed, seen, { afterSeq: 3 })
    await wait(50)
    expect(calls.listAfter).toBeLessThan(4)
    await leave()
  })
})
