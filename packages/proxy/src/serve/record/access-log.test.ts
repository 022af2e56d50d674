import { describe, expect, it, vi } from 'vitest'
import type { AccessRecord } from '../ports.ts'
import { createAccessLog, type AccessLogOptions } from './access-log.ts'

const log = { debug: vi.fn(), warn: vi.fn(), error: vi.fn() }

function recordOf(path: string, changes: Partial<AccessRecord> = {}): AccessRecord {
  return {
    shareId: 'share_1',
    workspaceId: 'ws_1',
    ipAddress: '192.0.2.1',
    userAgent: null,
    path,
    method: 'GET',
    statusCode: 200,
    latencyMs: 1,
    timestampMs: 0,
    bytesIn: 0,
    bytesOut: 0,
    denied: null,
    visitorId: 'visitor_1',
    ...changes,
  }
}

function logInto(options: Partial<AccessLogOptions> = {}) {
  const batches: string[][] = []
  const access = createAccessLog({
    write: (records) => {
      batches.push(records.map(({ path }) => path))
      return Promise.resolve()
    },
    log,
    ...options,
  })
  return { access, batches }
}

describe('the access log', () => {
  it('writes what was recorded within the interval, in one batch', async () => {
    const { access, batches } = logInto()
    access.record(recordOf('/1'))
    access.record(recordOf('/2'))
    expect(batches).toEqual([])
    const startedMs = performance.now()
    await vi.waitFor(() => expect(batches).toEqual([['/1', '/2']]), { interval: 5 })
    expect(performance.now() - startedMs).toBeLessThan(2_500)
  })

  it('does not wait when a batch is full, and writes one at a time in order', async () => {
    let running = 0
    const written: string[] = []
    const { access } = logInto({
      flushIntervalMs: 60_000,
      batchMax: 10,
      write: async (records) => {
        running += 1
        expect(running).toBe(1)
        await new Promise((resolve) => setImmediate(resolve))
        written.push(...records.map(({ path }) => path))
        running -= 1
      },
    })
    for (let at = 0; at < 95; at += 1) access.record(recordOf(`/${at}`))
    await vi.waitFor(() => expect(written.length).toBeGreaterThanOrEqual(90), { timeout: 10_000 })
    await access.close()
    expect(written).toEqual(Array.from({ length: 95 }, (_, at) => `/${at}`))
  })

  it('what comes in while a batch is written waits for its own time: many small writes would cost the most', async () => {
    const sizes: number[] = []
    const { access } = logInto({
      flushIntervalMs: 60_000,
      batchMax: 10,
      write: async (records) => {
        sizes.push(records.length)
        await new Promise((resolve) => setImmediate(resolve))
      },
    })
    for (let at = 0; at < 50; at += 1) {
      access.record(recordOf(`/${at}`))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await vi.waitFor(() => expect(sizes).toEqual([10, 10, 10, 10]), { timeout: 10_000 })
    await access.close()
    expect(sizes).toEqual([10, 10, 10, 10, 10])
  })

  it('what became due while a batch was written follows it at once, and nothing has to come after', async () => {
    let finish = () => {}
    const { access, batches } = logInto({
      flushIntervalMs: 20,
      write: async (records) => {
        batches.push(records.map(({ path }) => path))
        await new Promise<void>((resolve) => (finish = resolve))
      },
    })
    access.record(recordOf('/1'))
    await vi.waitFor(() => expect(batches).toEqual([['/1']]), { interval: 1 })
    access.record(recordOf('/2'))
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(batches).toEqual([['/1']])
    finish()
    await vi.waitFor(() => expect(batches).toEqual([['/1'], ['/2']]), { interval: 1 })
    finish()
    await access.close()
  })

  it('loses nothing when it is closed, even while the store fails at first', async () => {
    let fails = 2
    const written: string[] = []
    const { access } = logInto({
      flushIntervalMs: 60_000,
      write: (records) => {
        fails -= 1
        if (fails >= 0) return Promise.reject(new Error('no database'))
        written.push(...records.map(({ path }) => path))
        return Promise.resolve()
      },
    })
    access.record(recordOf('/1'))
    await access.close()
    expect(written).toEqual(['/1'])
    expect(access.droppedCount).toBe(0)
  })

  it('tries again by itself', async () => {
    let tries = 0
    const { access } = logInto({
      flushIntervalMs: 1,
      write: () => {
        tries += 1
        return tries === 1 ? Promise.reject(new Error('no database')) : Promise.resolve()
      },
    })
    access.record(recordOf('/1'))
    await vi.waitFor(() => expect(tries).toBe(2), { timeout: 3_000 })
  })

  it('holds a bounded number of records, drops the oldest and counts them', async () => {
    const { access, batches } = logInto({ flushIntervalMs: 60_000, batchMax: 10, bufferMax: 50 })
    const hold = logInto({
      batchMax: 10,
      bufferMax: 50,
      flushIntervalMs: 60_000,
      attemptsMax: 1,
      write: () => Promise.reject(new Error('no database')),
    })
    for (let at = 0; at < 1_000; at += 1) hold.access.record(recordOf(`/${at}`))
    expect(hold.access.droppedCount).toBeGreaterThanOrEqual(940)
    await hold.access.close()
    for (let at = 0; at < 60; at += 1) access.record(recordOf(`/${at}`))
    await access.close()
    expect(batches.flat().length + access.droppedCount).toBe(60)
    expect(batches.flat().at(-1)).toBe('/59')
  })

  it('counts the denied requests of a flood in one row instead of listing them (LOG-04, RL-10)', async () => {
    const written: AccessRecord[] = []
    const { access } = logInto({
      write: (records) => {
        written.push(...records)
        return Promise.resolve()
      },
    })
    const denied = { denied: 'share.inactive', statusCode: 403, bytesIn: 1, bytesOut: 2 } as const
    for (let at = 0; at < 500; at += 1) access.record(recordOf(`/${at}`, denied))
    // One /64 of IPv6 is one address here, however many it has.
    for (let at = 0; at < 200; at += 1)
      access.record(recordOf('/6', { ...denied, ipAddress: `2001:db8::${at.toString(16)}` }))
    access.record(recordOf('/y', { ...denied, ipAddress: '192.0.2.2' }))
    access.record(recordOf('/z'))
    await access.close()
    expect(written).toHaveLength(204)
    expect(access.suppressedCount).toBe(500)
    expect(written.slice(-2)).toEqual([
      recordOf('/499', { ...denied, bytesIn: 400, bytesOut: 800, suppressedCount: 399 }),
      recordOf('/6', {
        ...denied,
        ipAddress: '2001:db8::c7',
        bytesIn: 100,
        bytesOut: 200,
        suppressedCount: 99,
      }),
    ])
    const requests = written.reduce((sum, { suppressedCount = 0 }) => sum + 1 + suppressedCount, 0)
    expect(requests).toBe(702)
  })

  it('writes that row while the flood goes on, and a reason and a share have one each', async () => {
    const { access, batches } = logInto({ deniedPerMinMax: 1, countedIntervalMs: 20, flushIntervalMs: 1 })
    for (let at = 0; at < 9; at += 1) {
      access.record(recordOf(`/${at}`, { denied: at % 2 === 0 ? 'share.inactive' : 'share.rate_limited' }))
    }
    access.record(recordOf('/other', { denied: 'share.inactive', shareId: 'share_2' }))
    await vi.waitFor(() => expect(batches.flat()).toEqual(['/0', '/7', '/8', '/other']), { timeout: 10_000 })
    await access.close()
    expect(batches.flat()).toHaveLength(4)
  })

  it('tells a bounded number of floods apart', async () => {
    const { access, batches } = logInto({ deniedPerMinMax: 0 })
    for (let at = 0; at < 12_000; at += 1) {
      access.record(recordOf('/', { denied: 'share.inactive', shareId: `share_${at}` }))
    }
    await access.close()
    expect(batches.flat()).toHaveLength(10_000)
    expect(access.suppressedCount).toBe(12_000)
  })
})
