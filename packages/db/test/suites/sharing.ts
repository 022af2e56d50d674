import pg from 'pg'
import { describe, expect, it, vi } from 'vitest'
import {
  createAgent,
  createShare,
  deleteAgent,
  deleteService,
  findAgentByTokenHash,
  findShareGrantByTokenHash,
  getAgent,
  getLastRevocationSeq,
  getService,
  getShare,
  inTransaction,
  listAgents,
  listRevocationsAfter,
  listServices,
  listShares,
  listSharesOfService,
  revocationChannel,
  revokeShare,
  rotateAgentToken,
  setAgentSeen,
  setServiceStatus,
  upsertService,
  type Db,
} from '../../src/index.ts'
import { createTenant, hashOf, hourMs, inMs, link, newShare } from './fixtures.ts'

export function describeSharing(db: () => Db): void {
  describe('agents', () => {
    it('is found by its token until the token is rotated or the agent deleted', async () => {
      const { workspaceId } = await createTenant(db())
      const [first, second] = [hashOf(), hashOf()]
      const agent = await createAgent(db(), { workspaceId, name: 'nas', label: 'Cellar', tokenHash: first })
      const ref = { workspaceId, agentId: agent.id }
      expect(await findAgentByTokenHash(db(), first)).toEqual(agent)
      await rotateAgentToken(db(), { ...ref, tokenHash: second })
      expect(await findAgentByTokenHash(db(), first)).toBeNull()
      expect(await findAgentByTokenHash(db(), second)).toEqual(agent)
      await deleteAgent(db(), ref)
      expect(await findAgentByTokenHash(db(), second)).toBeNull()
      await expect(getAgent(db(), ref)).rejects.toMatchObject({ code: 'agent.not_found' })
      await expect(deleteAgent(db(), ref)).rejects.toMatchObject({ code: 'agent.not_found' })
      const listed = await listAgents(db(), { workspaceId, limit: 10 })
      expect(listed.map(({ name }) => name)).toEqual(['laptop'])
    })

    it('notes when it was seen and since when it is connected', async () => {
      const { workspaceId, agent } = await createTenant(db())
      const connectedAt = inMs(-5000)
      await setAgentSeen(db(), { agentId: agent.id, seenAt: connectedAt, connectedAt, version: '0.1.0' })
      const seenAt = inMs(0)
      await setAgentSeen(db(), { agentId: agent.id, seenAt })
      expect(await getAgent(db(), { workspaceId, agentId: agent.id })).toMatchObject({
        lastSeenAt: seenAt,
        connectedAt,
        version: '0.1.0',
      })
    })
  })

  describe('services', () => {
    it('the same name from the same agent updates, from another agent or as external is taken', async () => {
      const { workspaceId, agent, service } = await createTenant(db())
      const input = { workspaceId, name: 'web', targetHost: '127.0.0.1', targetPort: 4000 } as const
      const mine = await upsertService(db(), { ...input, agentId: agent.id, protocol: 'auto' })
      expect(mine).toMatchObject({ isNew: false, service: { id: service.id, targetPort: 4000 } })
      const other = await createAgent(db(), { workspaceId, name: 'b', label: null, tokenHash: hashOf() })
      for (const agentId of [other.id, null]) {
        await expect(upsertService(db(), { ...input, agentId, protocol: 'auto' })).rejects.toMatchObject({
          code: 'service.name_taken',
        })
      }
      expect((await getService(db(), { workspaceId, serviceId: service.id })).agentId).toBe(agent.id)
    })

    it('20 agents that register one name at once: one gets it', async () => {
      const { workspaceId } = await createTenant(db())
      const agents = await Promise.all(
        Array.from({ length: 20 }, () =>
          createAgent(db(), { workspaceId, name: 'x', label: null, tokenHash: hashOf() }),
        ),
      )
      const target = { name: 'race', targetHost: 'localhost', targetPort: 1, protocol: 'tcp' } as const
      const results = await Promise.allSettled(
        agents.map(({ id }) => upsertService(db(), { ...target, workspaceId, agentId: id })),
      )
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const codes = results.flatMap((result) =>
        result.status === 'rejected' ? [(result.reason as { code: string }).code] : [],
      )
      expect(new Set(codes)).toEqual(new Set(['service.name_taken']))
    })

    it('a deleted name is free again, and a deleted agent takes its services along', async () => {
      const { workspaceId, agent, service } = await createTenant(db())
      await deleteService(db(), { workspaceId, serviceId: service.id })
      const input = { workspaceId, agentId: agent.id, name: 'web', targetHost: 'h', targetPort: 1 } as const
      const again = await upsertService(db(), { ...input, protocol: 'tcp' })
      expect(again.isNew).toBe(true)
      expect(again.service.id).not.toBe(service.id)
      await deleteAgent(db(), { workspaceId, agentId: agent.id })
      expect(await listServices(db(), { workspaceId, limit: 10 })).toEqual([])
    })

    it('tells external from agent, and takes what a check found', async () => {
      const { workspaceId } = await createTenant(db())
      const target = { name: 'prod-db', targetHost: 'db.example.com', targetPort: 5432 } as const
      const input = { ...target, workspaceId, agentId: null, protocol: 'tcp', engine: 'postgresql' } as const
      const { service } = await upsertService(db(), input)
      expect(service).toMatchObject({ isExternal: true, hasCredentials: false, engine: 'postgresql' })
      const checkedAt = inMs(0)
      await setServiceStatus(db(), { workspaceId, serviceId: service.id, status: 'active', checkedAt })
      const listed = await listServices(db(), { workspaceId, limit: 1 })
      expect(listed[0]).toEqual({ ...service, status: 'active', lastCheckedAt: checkedAt })
    })
  })

  describe('shares', () => {
    it('keeps what it was created with, in lists too, and never the token', async () => {
      const { workspaceId, service } = await createTenant(db())
      const limits = {
        allowedPaths: ['/api/*'],
        allowedMethods: ['GET', 'POST'],
        rateLimitPerMin: 100,
      } as const
      const expiresAt = inMs(hourMs)
      const input = { ...newShare(workspaceId, service.id), ...limits, expiresAt, description: 'Audit' }
      const share = await createShare(db(), input)
      expect(share).toMatchObject({ ...limits, expiresAt, description: 'Audit', accessCount: 0 })
      expect(share.tokenPreview).toBe('share_tok_abc...')
      const ref = { workspaceId, serviceId: service.id }
      const listed = await listSharesOfService(db(), { ...ref, limit: 10 })
      expect(listed[0]).toEqual(share)
      expect((await listShares(db(), { workspaceId, limit: 1 }))[0]).toEqual(share)
      expect(JSON.stringify(listed)).not.toMatch(/hash/i)
    })

    it('refuses an empty restriction, which would otherwise read as none', async () => {
      const { workspaceId, service } = await createTenant(db())
      const input = { ...newShare(workspaceId, service.id), allowedPaths: [] }
      await expect(createShare(db(), input)).rejects.toMatchObject({ code: 'request.invalid' })
    })

    it('refuses text that cannot be stored as the caller’s fault', async () => {
      const { workspaceId, service } = await createTenant(db())
      const input = { ...newShare(workspaceId, service.id), name: 'a\0b' }
      await expect(createShare(db(), input)).rejects.toMatchObject({ code: 'request.invalid' })
    })
  })

  describe('grants', () => {
    it('has all that the proxy needs', async () => {
      const expiresAt = new Date('2036-02-29T12:34:56.789Z')
      const rules = { expiresAt, allowedPaths: ['/a'], allowedMethods: ['GET'], rateLimitPerMin: 5 } as const
      const { tokenHash, share, service, agent, workspaceId } = await createTenant(db(), rules)
      expect(await findShareGrantByTokenHash(db(), tokenHash)).toEqual({
        id: share.id,
        workspaceId,
        workspaceName: 'acme-corp',
        name: 'demo',
        description: null,
        isRevoked: false,
        expiresAtMs: expiresAt.getTime(),
        allowedPaths: ['/a'],
        allowedMethods: ['GET'],
        rateLimitPerMin: 5,
        allowWrites: false,
        maskedColumns: [],
        databasesReadOnly: false,
        linkId: expect.stringMatching(/^link_/) as string,
        showsBranding: true,
        hidesTarget: false,
        service: {
          id: service.id,
          agentId: agent.id,
          name: 'web',
          targetHost: 'localhost',
          targetPort: 3000,
          protocol: 'http',
          allowsSelfSigned: false,
          engine: null,
        },
      })
      expect(await findShareGrantByTokenHash(db(), hashOf())).toBeNull()
    })

    it('is revoked with the share, its link, its service or its agent, and absent with the workspace', async () => {
      const grant = async (tokenHash: Buffer<ArrayBuffer>) => findShareGrantByTokenHash(db(), tokenHash)
      const a = await createTenant(db())
      await revokeShare(db(), { workspaceId: a.workspaceId, shareId: a.share.id })
      expect((await grant(a.tokenHash))?.isRevoked).toBe(true)
      const b = await createTenant(db())
      await db().client.shareLink.updateMany({ where: { shareId: b.share.id }, data: { revokedAt: inMs(0) } })
      expect((await grant(b.tokenHash))?.isRevoked).toBe(true)
      const c = await createTenant(db())
      await deleteService(db(), { workspaceId: c.workspaceId, serviceId: c.service.id })
      expect((await grant(c.tokenHash))?.isRevoked).toBe(true)
      const d = await createTenant(db())
      await deleteAgent(db(), { workspaceId: d.workspaceId, agentId: d.agent.id })
      expect((await grant(d.tokenHash))?.isRevoked).toBe(true)
      const e = await createTenant(db())
      await db().client.workspace.update({ where: { id: e.workspaceId }, data: { deletedAt: inMs(0) } })
      expect(await grant(e.tokenHash)).toBeNull()
    })

    it('each link of a share works by itself, and ends no later than the share', async () => {
      const { share, tokenHash } = await createTenant(db(), { expiresAt: inMs(hourMs) })
      const second = { ...link(), id: 'link_second', shareId: share.id, expiresAt: inMs(60_000) }
      await db().client.shareLink.create({ data: second })
      const grants = [tokenHash, second.tokenHash].map((hash) => findShareGrantByTokenHash(db(), hash))
      const [first, sooner] = await Promise.all(grants)
      expect(first?.id).toBe(sooner?.id)
      expect(first?.expiresAtMs).toBe(share.expiresAt?.getTime())
      expect(sooner?.expiresAtMs).toBe(second.expiresAt.getTime())
    })
  })

  describe('revocations', () => {
    it('revoking writes one row in the feed and tells it on commit; again changes nothing', async () => {
      const { workspaceId, share } = await createTenant(db())
      const listener = new pg.Client({ connectionString: db().url })
      const told: (string | undefined)[] = []
      listener.on('notification', ({ payload }) => told.push(payload))
      await listener.connect()
      await listener.query(`LISTEN ${revocationChannel}`)
      const before = await getLastRevocationSeq(db())
      const ref = { workspaceId, shareId: share.id }
      const revoked = await revokeShare(db(), ref)
      expect(revoked.wasActive).toBe(true)
      expect(await revokeShare(db(), ref)).toEqual({ share: revoked.share, wasActive: false })
      const rows = await listRevocationsAfter(db(), { seq: before, limit: 10 })
      expect(rows).toMatchObject([{ workspaceId, kind: 'share', subjectId: share.id }])
      await vi.waitFor(() => expect(told).toContain(String(rows[0]?.seq)), 5000)
      await listener.end()
      expect((await getShare(db(), ref)).revokedAt).toEqual(revoked.share.revokedAt)
    })

    it('a later revocation waits for an earlier one’s commit, so seq order is commit order', async () => {
      const [early, late] = [await createTenant(db()), await createTenant(db())]
      const before = await getLastRevocationSeq(db())
      let commitEarly = () => {}
      const gate = new Promise<void>((resolve) => {
        commitEarly = resolve
      })
      const earlier = inTransaction(db(), async (tx) => {
        await revokeShare(tx, { workspaceId: early.workspaceId, shareId: early.share.id })
        await gate
      })
      const isNumbered =
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted = $1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND objid <> 7300001"
      await vi.waitFor(
        async () => expect((await db().pool.query(isNumbered, [true])).rowCount).toBe(1),
        10_000,
      )
      const later = revokeShare(db(), { workspaceId: late.workspaceId, shareId: late.share.id })
      await vi.waitFor(
        async () => expect((await db().pool.query(isNumbered, [false])).rowCount).toBe(1),
        10_000,
      )
      expect(await listRevocationsAfter(db(), { seq: before, limit: 10 })).toEqual([])
      commitEarly()
      await Promise.all([earlier, later])
      const rows = await listRevocationsAfter(db(), { seq: before, limit: 10 })
      expect(rows.map(({ subjectId }) => subjectId)).toEqual([early.share.id, late.share.id])
    })

    it('a reader that follows the feed during 100 revocations misses none', async () => {
      const { workspaceId, service } = await createTenant(db())
      const inputs = Array.from({ length: 100 }, () => ({
        ...newShare(workspaceId, service.id),
        link: link(),
      }))
      const shares = await Promise.all(inputs.map((input) => createShare(db(), input)))
      let seq = await getLastRevocationSeq(db())
      const seen = new Set<string>()
      const revoking = Promise.all(shares.map(({ id }) => revokeShare(db(), { workspaceId, shareId: id })))
      const read = async () => {
        for (const row of await listRevocationsAfter(db(), { seq, limit: 7 })) {
          seq = row.seq
          seen.add(row.subjectId)
        }
        expect(seen.size).toBe(100)
      }
      await vi.waitFor(read, { timeout: 20_000, interval: 1 })
      await revoking
      expect(seen).toEqual(new Set(shares.map(({ id }) => id)))
    })
  })
}
