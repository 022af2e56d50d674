import { BlockList, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  deleteOldAccessLogs,
  insertAccessLogs,
  listAccessLogs,
  listAccessLogsAfter,
  readAccessStats,
  type TimeCursor,
  type AccessLogFilter,
  type AccessLogRow,
  type AccessRecordInput,
  type AccessStats,
  type Db,
} from '../../src/index.ts'
import { createTenant, type Tenant } from './fixtures.ts'

const startMs = Date.UTC(2026, 2, 2, 10)
const paths = ['/', '/api', '/api/users', '/api/50%', '/api/50_', '/API', String.raw`/a\pi`, '/x.js', '/*']
const addresses = ['203.0.113.1', '203.0.113.200', '10.0.0.1', '2001:db8::1', '2001:db8:1::1', 'unknown']
const visitors = ['visitor_a', 'visitor_b', null]

type Variable = Omit<AccessRecordInput, 'workspaceId' | 'shareId'>

const anyRecord: fc.Arbitrary<Variable> = fc.record({
  path: fc.constantFrom(...paths),
  ipAddress: fc.constantFrom(...addresses),
  userAgent: fc.constantFrom('curl', 'Mozilla', null),
  method: fc.constantFrom('GET', 'POST', 'HEAD'),
  statusCode: fc.constantFrom(101, 200, 204, 301, 403, 404, 429, 499, 500, 502),
  latencyMs: fc.nat(2000),
  timestampMs: fc.nat(7_300).map((seconds) => startMs - 50_000 + seconds * 1000),
  bytesIn: fc.nat(1000),
  bytesOut: fc.nat(1000),
  denied: fc.constantFrom(null, null, null, 'share.inactive'),
  visitorId: fc.constantFrom(...visitors),
  suppressedCount: fc.constantFrom(0, 0, 0, 7),
})

const moment = fc.nat(7_300).map((seconds) => new Date(startMs - 50_000 + seconds * 1000))
const anyFilter: fc.Arbitrary<AccessLogFilter> = fc.record(
  {
    from: moment,
    to: moment,
    statusCodes: fc.subarray([200, 404, 502]),
    statusClasses: fc.subarray([1, 2, 4]),
    ipRange: fc.constantFrom('203.0.113.0/24', '203.0.113.1/32', '0.0.0.0/0', '2001:db8::/48', '::/0'),
    path: fc.constantFrom(
      '/',
      '/api',
      '/api/50%',
      '/api/50_',
      '*.js',
      '/a*s',
      String.raw`/a\p`,
      '/api*',
      '*',
    ),
    methods: fc.subarray(['GET', 'POST']),
    isDenied: fc.boolean(),
    visitorId: fc.constantFrom('visitor_a', 'visitor_c'),
  },
  { requiredKeys: [] },
)

type Checks = {
  readonly [Name in keyof AccessLogFilter]-?: (
    row: AccessLogRow,
    wanted: NonNullable<AccessLogFilter[Name]>,
  ) => boolean
}

/** What each filter means, said another way than in SQL. */
const checks: Omit<Checks, 'statusCodes' | 'statusClasses'> = {
  from: (row, from) => row.timestamp >= from,
  to: (row, to) => row.timestamp < to,
  ipRange: (row, range) => isInRange(row.ipAddress, range),
  path: (row, path) => isOnPath(row.path, path),
  methods: (row, methods) => methods.includes(row.method),
  isDenied: (row, isDenied) => isDenied === (row.denied !== null),
  visitorId: (row, visitorId) => visitorId === row.visitorId,
}

function matches(
  row: AccessLogRow,
  { statusCodes = [], statusClasses = [], ...filter }: AccessLogFilter,
): boolean {
  const hasStatus =
    statusCodes.includes(row.statusCode) || statusClasses.includes(Math.floor(row.statusCode / 100))
  if (statusCodes.length + statusClasses.length > 0 && !hasStatus) return false
  return Object.entries(filter).every(([name, wanted]) =>
    checks[name as keyof typeof checks](row, wanted as never),
  )
}

function isInRange(address: string, range: string): boolean {
  const [network = '', bits = ''] = range.split('/')
  const list = new BlockList()
  list.addSubnet(network, Number(bits), isIPv6(network) ? 'ipv6' : 'ipv4')
  return isIPv6(address) === isIPv6(network) && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

function isOnPath(path: string, wanted: string): boolean {
  const [start = '', ...rest] = wanted.split('*')
  if (rest.length === 0) return path.startsWith(wanted)
  const end = rest.at(-1) ?? ''
  return path.startsWith(start) && path.endsWith(end) && path.length >= start.length + end.length
}

async function store(db: Db, variables: readonly Variable[]): Promise<Tenant> {
  const tenant = await createTenant(db)
  const { workspaceId, share } = tenant
  const records = variables.map((variable) => ({ ...variable, workspaceId, shareId: share.id }))
  await insertAccessLogs(db, records)
  return tenant
}

export function describeAccessLogQueries(db: () => Db): void {
  describe('the access log, filtered', () => {
    it('shows exactly what the filter means, in order, on pages of any size, by time and by writing', async () => {
      const records = fc.array(anyRecord, { minLength: 20, maxLength: 60 })
      await fc.assert(
        fc.asyncProperty(
          records,
          fc.array(anyFilter, { minLength: 10, maxLength: 10 }),
          async (all, filters) => {
            const { workspaceId, share } = await store(db(), all)
            const ref = { workspaceId, shareId: share.id }
            const whole = await listAccessLogs(db(), { ...ref, limit: 100 })
            expect(whole).toHaveLength(all.length)
            for (const filter of filters) {
              const expected = whole.filter((row) => matches(row, filter))
              const paged: AccessLogRow[] = []
              let cursor: TimeCursor | undefined
              do {
                const page = await listAccessLogs(db(), { ...ref, filter, limit: 7, cursor })
                paged.push(...page)
                cursor = page.length === 7 ? page.at(-1) : undefined
              } while (cursor !== undefined)
              expect(paged).toEqual(expected)
              const written = await listAccessLogsAfter(db(), { ...ref, filter, after: 'log_', limit: 100 })
              expect(written.map(({ id }) => id)).toEqual(
                expected
                  .map(({ id }) => id)
                  .sort()
                  .reverse(),
              )
            }
          },
        ),
        { numRuns: 15 },
      )
    })
  })

  describe('entries that are too old', () => {
    const oldMs = Date.UTC(1990, 0, 1)
    const before = new Date(oldMs + 1000)
    const recordAt = (timestampMs: number): Variable => ({
      path: '/',
      ipAddress: '203.0.113.1',
      userAgent: null,
      method: 'GET',
      statusCode: 200,
      latencyMs: 1,
      timestampMs,
      bytesIn: 0,
      bytesOut: 0,
      denied: null,
    })

    it('are deleted batch by batch, by two nodes at once, and no others', async () => {
      const times = Array.from({ length: 50 }, (_, at) => oldMs + at * 30)
      const { workspaceId, share } = await store(db(), times.map(recordAt))
      const counts: number[] = []
      const deleteAll = async () => {
        for (let deleted = 7; deleted === 7; counts.push(deleted)) {
          deleted = await deleteOldAccessLogs(db(), { before, rowsMax: 7 })
        }
      }
      await Promise.all([deleteAll(), deleteAll()])
      await deleteAll()
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(34)
      expect(Math.max(...counts)).toBe(7)
      const left = await listAccessLogs(db(), { workspaceId, shareId: share.id, limit: 100 })
      expect(left.map(({ timestamp }) => timestamp.getTime()).toReversed()).toEqual(
        times.filter((time) => time >= before.getTime()),
      )
    })

    it('hold nobody up while they are deleted: writers and readers go on (OPS-08)', async () => {
      const tenant = await store(db(), [recordAt(oldMs)])
      const { workspaceId, share } = tenant
      const client = await db().pool.connect()
      try {
        await client.query('BEGIN')
        const deleted = await deleteOldAccessLogs({ pool: client as never }, { before, rowsMax: 10 })
        expect(deleted).toBe(1)
        await insertAccessLogs(db(), [{ ...recordAt(oldMs + 5000), workspaceId, shareId: share.id }])
        expect(await listAccessLogs(db(), { workspaceId, shareId: share.id, limit: 10 })).toHaveLength(2)
        // Another node finds nothing to wait for.
        expect(await deleteOldAccessLogs(db(), { before, rowsMax: 10 })).toBe(0)
      } finally {
        await client.query('COMMIT')
        client.release()
      }
    })
  })

  describe('the statistics of a share, against a count by hand', () => {
    it('agree for any requests', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyRecord, { maxLength: 80 }), async (all) => {
          const { workspaceId, share } = await store(db(), all)
          const range = { from: new Date(startMs), to: new Date(startMs + 7_200_000), bucketSeconds: 300 }
          const limits = { rowsMax: 1000, topMax: 3 }
          const found = await readAccessStats(db(), { workspaceId, shareId: share.id, ...range, ...limits })
          expect(found).toEqual(countByHand(all, range.bucketSeconds * 1000, limits.topMax))
        }),
        { numRuns: 40 },
      )
    })
  })
}

function countByHand(all: readonly Variable[], bucketMs: number, topMax: number): AccessStats {
  const rows = all.filter(({ timestampMs }) => timestampMs >= startMs && timestampMs < startMs + 7_200_000)
  const weight = ({ suppressedCount = 0 }: Variable) => suppressedCount + 1
  const sum = (some: readonly Variable[]) => some.reduce((total, row) => total + weight(row), 0)
  const isDenied = ({ denied }: Variable) => denied !== null
  const isServerError = ({ statusCode }: Variable) => statusCode >= 500
  const bucketOf = ({ timestampMs }: Variable) =>
    String(startMs + Math.floor((timestampMs - startMs) / bucketMs) * bucketMs)
  const top = (keyOf: (row: Variable) => string) =>
    [...Map.groupBy(rows, keyOf)]
      .map(([key, some]) => ({ key, some, requests: sum(some) }))
      .toSorted((a, b) => b.requests - a.requests || (a.key < b.key ? -1 : 1))
      .slice(0, topMax)
  const latencies = rows
    .filter((row) => !isDenied(row))
    .map(({ latencyMs }) => latencyMs)
    .toSorted((a, b) => a - b)
  const percentile = (fraction: number) =>
    latencies[Math.max(0, Math.ceil(fraction * latencies.length) - 1)] ?? 0
  return {
    rows: rows.length,
    requests: sum(rows),
    denied: sum(rows.filter(isDenied)),
    bytesIn: rows.reduce((total, { bytesIn }) => total + bytesIn, 0),
    bytesOut: rows.reduce((total, { bytesOut }) => total + bytesOut, 0),
    byClass: Object.fromEntries(
      [...Map.groupBy(rows, ({ statusCode }) => String(Math.floor(statusCode / 100)))].map(([key, some]) => [
        key,
        sum(some),
      ]),
    ),
    buckets: [...Map.groupBy(rows, bucketOf)]
      .map(([start, some]) => ({
        startMs: Number(start),
        requests: sum(some),
        denied: sum(some.filter(isDenied)),
        serverErrors: sum(some.filter(isServerError)),
      }))
      .toSorted((a, b) => a.startMs - b.startMs),
    topPaths: top(({ path }) => path).map(({ key, requests }) => ({ path: key, requests })),
    visitors: new Set(
      rows.map(({ visitorId, ipAddress, userAgent }) => visitorId ?? `${ipAddress} ${userAgent ?? ''}`),
    ).size,
    topVisitors: top(({ ipAddress }) => ipAddress).map(({ key, some, requests }) => ({
      ipAddress: key,
      requests,
      lastSeenMs: Math.max(...some.map(({ timestampMs }) => timestampMs)),
    })),
    latencyMs: latencies.length === 0 ? null : [0.5, 0.95, 0.99].map(percentile),
  }
}
