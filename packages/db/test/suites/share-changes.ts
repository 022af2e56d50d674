import { describe, expect, it } from 'vitest'
import {
  findShareGrantByTokenHash,
  getLastRevocationSeq,
  getShare,
  inTransaction,
  listAccessLogsAfter,
  listRevocationsAfter,
  lockShareForChange,
  readAccessStats,
  insertAccessLogs,
  revokeShare,
  rotateShareLink,
  updateShare,
  type AccessRecordInput,
  type Db,
} from '../../src/index.ts'
import { createTenant, hashOf, inMs, type Tenant } from './fixtures.ts'

const startMs = Date.UTC(2026, 2, 2, 10)

function visit({ workspaceId, share }: Tenant, other: Partial<AccessRecordInput> = {}): AccessRecordInput {
  return {
    workspaceId,
    shareId: share.id,
    ipAddress: '203.0.113.1',
    userAgent: 'curl',
    path: '/',
    method: 'GET',
    statusCode: 200,
    latencyMs: 10,
    timestampMs: startMs,
    bytesIn: 1,
    bytesOut: 2,
    denied: null,
    ...other,
  }
}

const refOf = ({ workspaceId, share }: Tenant) => ({ workspaceId, shareId: share.id })

export function describeShareChanges(db: () => Db): void {
  describe('changing a share', () => {
    it('changes what is named, keeps the rest, and tells the nodes where it is narrower', async () => {
      const tenant = await createTenant(db())
      const before = await getLastRevocationSeq(db())
      const expiresAt = inMs(60_000)
      const change = { expiresAt, allowedMethods: ['GET'] as const, description: null }
      await inTransaction(db(), async (tx) => {
        await lockShareForChange(tx, refOf(tenant))
        await updateShare(tx, { ...refOf(tenant), changes: change, isNarrower: true })
        await updateShare(tx, { ...refOf(tenant), changes: { name: 'other' }, isNarrower: false })
      })
      expect(await getShare(db(), refOf(tenant))).toEqual({ ...tenant.share, ...change, name: 'other' })
      expect(await listRevocationsAfter(db(), { seq: before, limit: 10 })).toMatchObject([
        { kind: 'share_rules', subjectId: tenant.share.id },
      ])
    })

    it('a revoked share takes no change, and no other workspace’s does', async () => {
      const [mine, theirs] = [await createTenant(db()), await createTenant(db())]
      const foreign = { workspaceId: mine.workspaceId, shareId: theirs.share.id }
      const lock = (ref: typeof foreign) => inTransaction(db(), (tx) => lockShareForChange(tx, ref))
      await expect(lock(foreign)).rejects.toMatchObject({ code: 'share.not_found' })
      await revokeShare(db(), refOf(mine))
      await expect(lock(refOf(mine))).rejects.toMatchObject({ code: 'share.revoked' })
    })

    it('a new link ends every other in the same commit', async () => {
      const tenant = await createTenant(db())
      const tokenHash = hashOf()
      const link = { tokenHash, tokenPreview: 'share_tok_new...' }
      const row = await inTransaction(db(), (tx) => rotateShareLink(tx, { ...refOf(tenant), link }))
      expect(row.tokenPreview).toBe('share_tok_new...')
      expect(await findShareGrantByTokenHash(db(), tenant.tokenHash)).toMatchObject({ isRevoked: true })
      expect(await findShareGrantByTokenHash(db(), tokenHash)).toMatchObject({ isRevoked: false })
    })
  })

  describe('the access log after an entry', () => {
    it('answers by order of writing, also where the clock says otherwise, and pages', async () => {
      const tenant = await createTenant(db())
      const other = await createTenant(db())
      const paths = ['/0', '/1', '/2', '/3']
      for (const [index, path] of paths.entries()) {
        // Each began before the one that was written before it.
        await insertAccessLogs(db(), [visit(tenant, { path, timestampMs: startMs - index }), visit(other)])
      }
      const read = (after: string, limit: number, before?: string) =>
        listAccessLogsAfter(db(), { ...refOf(tenant), after, before, limit })
      const all = await read('log_', 10)
      expect(all.map(({ path }) => path)).toEqual(paths.toReversed())
      const first = all.at(-1)?.id ?? ''
      expect((await read(first, 2)).map(({ path }) => path)).toEqual(['/3', '/2'])
      expect((await read(first, 2, all[1]?.id)).map(({ path }) => path)).toEqual(['/1'])
      expect(await read(all[0]?.id ?? '', 10)).toEqual([])
    })
  })

  describe('the statistics of a share', () => {
    const statsOf = ({ workspaceId, share }: Tenant, rowsMax = 1000) =>
      readAccessStats(db(), {
        workspaceId,
        shareId: share.id,
        from: new Date(startMs),
        to: new Date(startMs + 7_200_000),
        bucketSeconds: 3600,
        rowsMax,
        topMax: 2,
      })

    it('counts buckets, classes, paths, visitors and latencies of its own requests only', async () => {
      const [tenant, other] = [await createTenant(db()), await createTenant(db())]
      const latencies = Array.from({ length: 100 }, (_, index) =>
        visit(tenant, { latencyMs: index + 1, path: index < 60 ? '/a' : '/b' }),
      )
      await insertAccessLogs(db(), [
        ...latencies,
        visit(other, { path: '/secret' }),
        visit(tenant, { timestampMs: startMs - 1, path: '/before' }),
        visit(tenant, { timestampMs: startMs + 7_200_000, path: '/after' }),
        visit(tenant, {
          timestampMs: startMs + 3_600_000,
          ipAddress: '203.0.113.2',
          path: '/c',
          statusCode: 429,
          latencyMs: 99_999,
          denied: 'share.rate_limited',
          suppressedCount: 4,
        }),
      ])
      expect(await statsOf(tenant)).toEqual({
        rows: 101,
        requests: 105,
        denied: 5,
        bytesIn: 101,
        bytesOut: 202,
        visitors: 2,
        byClass: { 2: 100, 4: 5 },
        latencyMs: [50, 95, 99],
        buckets: [
          { startMs, requests: 100, denied: 0, serverErrors: 0 },
          { startMs: startMs + 3_600_000, requests: 5, denied: 5, serverErrors: 0 },
        ],
        topPaths: [
          { path: '/a', requests: 60 },
          { path: '/b', requests: 40 },
        ],
        topVisitors: [
          { ipAddress: '203.0.113.1', requests: 100, lastSeenMs: startMs },
          { ipAddress: '203.0.113.2', requests: 5, lastSeenMs: startMs + 3_600_000 },
        ],
      })
      expect((await statsOf(tenant, 7)).rows).toBe(7)
    })

    it('are zeros where nothing happened', async () => {
      const tenant = await createTenant(db())
      expect(await statsOf(tenant)).toMatchObject({ rows: 0, requests: 0, latencyMs: null, buckets: [] })
    })
  })
}
