import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import {
  appendAudit,
  appendEvent,
  appendEvents,
  getShare,
  insertAccessLogs,
  listAccessLogs,
  listEventHeads,
  listEventsAfter,
  revokeShare,
  inTransaction,
  verifyAuditChain,
  type TimeCursor,
  type AccessRecordInput,
  type AuditInput,
  type Db,
} from '../../src/index.ts'
import { createTenant, type Tenant } from './fixtures.ts'

function accessRecord(tenant: Tenant, change: Partial<AccessRecordInput> = {}): AccessRecordInput {
  return {
    shareId: tenant.share.id,
    workspaceId: tenant.workspaceId,
    ipAddress: '203.0.113.42',
    userAgent: 'curl/8',
    path: '/api/users',
    method: 'GET',
    statusCode: 200,
    latencyMs: 45.4,
    timestampMs: 1_772_449_200_123,
    bytesIn: 0,
    bytesOut: 5_000_000_000,
    denied: null,
    ...change,
  }
}

async function readAll(db: Db, tenant: Tenant, limit: number) {
  const rows = []
  let cursor: TimeCursor | undefined
  do {
    const ref = { workspaceId: tenant.workspaceId, shareId: tenant.share.id }
    const page = await listAccessLogs(db, { ...ref, limit, cursor })
    rows.push(...page)
    cursor = page.length === limit ? page.at(-1) : undefined
  } while (cursor !== undefined)
  return rows
}

function auditOf(workspaceId: string, action: string): AuditInput {
  const details = { z: 1, a: { y: [1, 2.5, 'ü'], b: null } }
  return {
    workspaceId,
    actorKind: 'user',
    actorId: 'user_1',
    action,
    subjectId: null,
    details,
    ipAddress: null,
  }
}

export function describeRecords(db: () => Db): void {
  describe('access log', () => {
    it('stores a batch as it was and counts what was not denied', async () => {
      const tenant = await createTenant(db())
      const denied = accessRecord(tenant, {
        denied: 'share.path_not_allowed',
        statusCode: 403,
        timestampMs: 2e12,
      })
      await insertAccessLogs(db(), [accessRecord(tenant), accessRecord(tenant), denied])
      await insertAccessLogs(db(), [])
      const rows = await readAll(db(), tenant, 50)
      expect(rows).toHaveLength(3)
      expect(rows[2]).toMatchObject({ latencyMs: 45, bytesOut: 5_000_000_000, denied: null })
      expect(rows[2]?.timestamp).toEqual(new Date(1_772_449_200_123))
      const share = await getShare(db(), { workspaceId: tenant.workspaceId, shareId: tenant.share.id })
      expect(share.accessCount).toBe(2)
      expect(share.lastAccessedAt).toEqual(new Date(1_772_449_200_123))
    })

    it('what cannot be stored in one record does not cost the others', async () => {
      const tenant = await createTenant(db())
      await insertAccessLogs(db(), [
        accessRecord(tenant, { userAgent: 'a\0b\uD800', path: '/\0' }),
        accessRecord(tenant, { userAgent: null, shareId: 'share_gone' }),
        accessRecord(tenant, { shareId: "'; DROP TABLE shares; --\0", latencyMs: 3e9 }),
      ])
      expect((await readAll(db(), tenant, 50))[0]).toMatchObject({
        userAgent: 'a\u{FFFD}b\u{FFFD}',
        path: '/\u{FFFD}',
      })
    })

    it('keeps any text of a visitor as it was', async () => {
      const visitorText = fc.oneof(
        fc.constantFrom(String.raw`\N`, String.raw`\.`, '\t\n\r', "'; --", '$1', '\u{1F600}', ''),
        fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
      )
      await fc.assert(
        fc.asyncProperty(visitorText, fc.option(visitorText), async (path, userAgent) => {
          const tenant = await createTenant(db())
          await insertAccessLogs(db(), [accessRecord(tenant, { path, userAgent }), accessRecord(tenant)])
          const rows = await readAll(db(), tenant, 50)
          expect(rows).toHaveLength(2)
          expect(rows[1]).toMatchObject({ path, userAgent })
        }),
        { numRuns: 20 },
      )
    })

    it('a batch that cannot be written leaves nothing behind: neither rows, nor counts, nor a bad connection', async () => {
      const tenant = await createTenant(db())
      const bad = accessRecord(tenant, { statusCode: 3e9 })
      const attempts = Array.from({ length: 12 }, async () =>
        expect(insertAccessLogs(db(), [accessRecord(tenant), bad])).rejects.toMatchObject({
          code: 'internal',
        }),
      )
      await Promise.all(attempts)
      await insertAccessLogs(db(), [accessRecord(tenant)])
      expect(await readAll(db(), tenant, 50)).toHaveLength(1)
      const share = await getShare(db(), { workspaceId: tenant.workspaceId, shareId: tenant.share.id })
      expect(share.accessCount).toBe(1)
    })

    it('a connection lost before the commit is told as such, and the next attempt has another', async () => {
      const tenant = await createTenant(db())
      const holder = await db().pool.connect()
      try {
        await holder.query('BEGIN')
        await holder.query('SELECT 1 FROM shares WHERE id = $1 FOR UPDATE', [tenant.share.id])
        const killing = vi.waitFor(
          async () => {
            const { rowCount } = await db().pool.query(
              `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%COPY access_logs%'`,
            )
            expect(rowCount).toBe(1)
          },
          { timeout: 10_000, interval: 10 },
        )
        const outcomes = await Promise.allSettled([insertAccessLogs(db(), [accessRecord(tenant)]), killing])
        expect(outcomes).toMatchObject([
          { status: 'rejected', reason: { code: 'hub.store_unavailable' } },
          { status: 'fulfilled' },
        ])
      } finally {
        await holder.query('ROLLBACK')
        holder.release()
      }
      await insertAccessLogs(db(), [accessRecord(tenant)])
      expect(await readAll(db(), tenant, 50)).toHaveLength(1)
    })

    it('gives up its durability for itself alone', async () => {
      // The server of most tests has it off for all; the other one has it on.
      const tenant = await createTenant(db())
      const durability = async () => (await db().pool.query('SHOW synchronous_commit')).rows
      const before = await durability()
      await insertAccessLogs(db(), [accessRecord(tenant)])
      const after = await Promise.all(Array.from({ length: 12 }, durability))
      expect(after).toEqual(after.map(() => before))
    })

    it('pages through any log without a gap or a repeat, however many rows share a millisecond', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 25 }),
          fc.integer({ min: 1, max: 7 }),
          async (offsets, limit) => {
            const tenant = await createTenant(db())
            const base = 1_772_449_200_000
            await insertAccessLogs(
              db(),
              offsets.map((offset) => accessRecord(tenant, { timestampMs: base + offset })),
            )
            const rows = await readAll(db(), tenant, limit)
            expect(rows.map(({ timestamp }) => timestamp.getTime() - base)).toEqual(
              offsets.toSorted((a, b) => b - a),
            )
            expect(new Set(rows.map(({ id }) => id)).size).toBe(offsets.length)
          },
        ),
        { numRuns: 15 },
      )
    })

    it('two nodes that count the same shares at once do not block each other for good', async () => {
      const tenants = await Promise.all([createTenant(db()), createTenant(db()), createTenant(db())])
      const forward = tenants.map((tenant) => accessRecord(tenant))
      const batches = Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0 ? forward : forward.toReversed(),
      )
      await Promise.all(batches.map((batch) => insertAccessLogs(db(), batch)))
      for (const { workspaceId, share } of tenants) {
        expect((await getShare(db(), { workspaceId, shareId: share.id })).accessCount).toBe(20)
      }
    })
  })

  describe('audit log', () => {
    it('is a whole chain after 30 appends at once, and part of the transaction of its action', async () => {
      const { workspaceId, share } = await createTenant(db())
      await Promise.all(
        Array.from({ length: 30 }, (_, n) => appendAudit(db(), auditOf(workspaceId, `a${n}`))),
      )
      const undone = inTransaction(db(), async (tx) => {
        await revokeShare(tx, { workspaceId, shareId: share.id })
        await appendAudit(tx, auditOf(workspaceId, 'share.revoked'))
        throw new Error('undo')
      })
      await expect(undone).rejects.toMatchObject({ code: 'internal' })
      expect(await db().client.auditEntry.count({ where: { workspaceId } })).toBe(30)
      expect((await getShare(db(), { workspaceId, shareId: share.id })).revokedAt).toBeNull()
      expect(await verifyAuditChain(db(), workspaceId)).toBeNull()
    })

    const tamperings: Record<string, (workspaceId: string) => Promise<unknown>> = {
      'an edited row': async (workspaceId) =>
        db().client.auditEntry.updateMany({ where: { workspaceId, seq: 3 }, data: { action: 'other' } }),
      'edited details': async (workspaceId) =>
        db().client.auditEntry.updateMany({ where: { workspaceId, seq: 3 }, data: { details: { z: 2 } } }),
      'a deleted row': async (workspaceId) =>
        db().client.auditEntry.deleteMany({ where: { workspaceId, seq: 3 } }),
      'a cut end': async (workspaceId) =>
        db().client.auditEntry.deleteMany({ where: { workspaceId, seq: { gte: 3 } } }),
      'a replaced hash': async (workspaceId) =>
        db().client.auditEntry.updateMany({
          where: { workspaceId, seq: 3 },
          data: { hash: Buffer.alloc(32) },
        }),
    }

    it.each(Object.keys(tamperings))('verify names the first bad row: %s', async (name) => {
      const { workspaceId } = await createTenant(db())
      for (const action of ['a', 'b', 'c', 'd']) await appendAudit(db(), auditOf(workspaceId, action))
      expect(await verifyAuditChain(db(), workspaceId)).toBeNull()
      await tamperings[name]?.(workspaceId)
      expect(await verifyAuditChain(db(), workspaceId)).toBe(3)
    })
  })

  describe('events', () => {
    it('a reader that follows the stream during 60 writers misses none', async () => {
      const { workspaceId } = await createTenant(db())
      const seen: number[] = []
      const writing = Promise.all(
        Array.from({ length: 60 }, (_, n) =>
          appendEvent(db(), { workspaceId, type: 'share.accessed', data: { n } }),
        ),
      )
      await vi.waitFor(
        async () => {
          const rows = await listEventsAfter(db(), { workspaceId, seq: seen.at(-1) ?? 0, limit: 5 })
          seen.push(...rows.map(({ seq }) => seq))
          expect(seen).toHaveLength(60)
        },
        { timeout: 20_000, interval: 1 },
      )
      await writing
      expect(seen).toEqual(Array.from({ length: 60 }, (_, n) => n + 1))
    })

    it('batches over several workspaces are numbered in each, in their order, and never deadlock', async () => {
      const [one, two] = [await createTenant(db()), await createTenant(db())]
      const batchOf = (n: number) =>
        [one, two, one].map(({ workspaceId }, at) => ({
          workspaceId,
          type: 'share.accessed' as const,
          data: { n, at },
        }))
      await Promise.all(
        Array.from({ length: 30 }, async (_, n) =>
          appendEvents(db(), n % 2 === 0 ? batchOf(n) : batchOf(n).toReversed()),
        ),
      )
      for (const [{ workspaceId }, each] of [
        [one, 2],
        [two, 1],
      ] as const) {
        const rows = await listEventsAfter(db(), { workspaceId, seq: 0, limit: 100 })
        expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 * each }, (_, n) => n + 1))
        expect(await listEventHeads(db(), [workspaceId])).toEqual([{ workspaceId, seq: 30 * each }])
      }
      const rows = await listEventsAfter(db(), { workspaceId: one.workspaceId, seq: 0, limit: 100 })
      for (let at = 0; at < rows.length; at += 2) {
        const [first, second] = [rows[at]?.data, rows[at + 1]?.data]
        const isForward = Number(first?.['n']) % 2 === 0
        expect([first, second]).toEqual([
          { n: first?.['n'], at: isForward ? 0 : 2 },
          { n: first?.['n'], at: isForward ? 2 : 0 },
        ])
      }
    })

    it('a workspace that is gone takes nothing from the others', async () => {
      const { workspaceId } = await createTenant(db())
      const rows = await appendEvents(db(), [
        { workspaceId: 'ws_gone', type: 'share.denied', data: {} },
        { workspaceId, type: 'share.denied', data: { reason: 'x' } },
      ])
      expect(rows).toEqual([expect.objectContaining({ workspaceId, seq: 1, data: { reason: 'x' } })])
    })

    it('what was rolled back leaves no gap', async () => {
      const { workspaceId } = await createTenant(db())
      const event = { workspaceId, type: 'share.created', data: {} } as const
      await expect(
        inTransaction(db(), async (tx) => {
          await appendEvent(tx, event)
          throw new Error('no')
        }),
      ).rejects.toThrow('no')
      expect(await appendEvent(db(), event)).toMatchObject({ seq: 1 })
    })
  })
}
