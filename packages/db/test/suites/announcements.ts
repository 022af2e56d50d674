import { describe, expect, it } from 'vitest'
import {
  deleteOldEvents,
  deleteOldVisitors,
  listAgentsToldOnline,
  listEventsAfter,
  listLiveCredentials,
  createApiKey,
  createSession,
  deleteSession,
  lockShareForChange,
  inTransaction,
  recordVisits,
  revokeApiKey,
  revokeShare,
  setAgentSeen,
  tellAgent,
  tellExpiredShares,
  touchVisitors,
  updateShare,
  visitIdleMs,
  type Db,
} from '../../src/index.ts'
import { createTenant, hashOf, inMs, type Tenant } from './fixtures.ts'

// Guarantee: a visit, an expiry, and the coming and going of an agent are told once each, however many ask at once.

export function describeAnnouncements(db: () => Db): void {
  const eventsOf = async ({ workspaceId }: Tenant) =>
    listEventsAfter(db(), { workspaceId, seq: 0, limit: 1000 })
  const visitorOf = ({ share }: Tenant, visitorId: string, seenAt = new Date()) => ({
    visitorId,
    shareId: share.id,
    ipAddress: '203.0.113.42',
    isBot: false,
    seenAt,
  })
  const idOf = ({ share }: Tenant, name: string) => `visitor_${name}_${share.id}`

  describe('visits', () => {
    it('tell a visitor once, and again after five idle minutes', async () => {
      const tenant = await createTenant(db())
      const startMs = Date.now()
      const visitAt = async (ms: number) => {
        const seen = [visitorOf(tenant, idOf(tenant, 'a'), new Date(startMs + ms))]
        return (await recordVisits(db(), { seen, denied: [] })).length
      }
      expect(await visitAt(0)).toBe(1)
      expect(await visitAt(visitIdleMs - 1)).toBe(0)
      expect(await visitAt(visitIdleMs)).toBe(1)
      const { id: shareId, name: shareName } = tenant.share
      const data = { shareId, shareName, ipAddress: '203.0.113.42', isBot: false }
      expect((await eventsOf(tenant)).map((event) => event.data)).toEqual([
        expect.objectContaining({ ...data, isReturning: false, timestamp: new Date(startMs).toISOString() }),
        expect.objectContaining({ ...data, isReturning: true }),
      ])
    })

    it('of one who stays are not told again', async () => {
      const tenant = await createTenant(db())
      const visitorId = idOf(tenant, 'a')
      const startMs = Date.now()
      await recordVisits(db(), { seen: [visitorOf(tenant, visitorId, new Date(startMs))], denied: [] })
      await touchVisitors(db(), [{ visitorId, seenAt: new Date(startMs + 200_000) }])
      const later = visitorOf(tenant, visitorId, new Date(startMs + 400_000))
      expect(await recordVisits(db(), { seen: [later], denied: [] })).toEqual([])
    })

    it('that many nodes see at once are told by one of them', async () => {
      const tenant = await createTenant(db())
      const ids = Array.from({ length: 20 }, (_, n) => idOf(tenant, String(n)))
      await Promise.all(
        Array.from({ length: 8 }, async (_, node) => {
          const seen = ids.map((id) => visitorOf(tenant, id))
          await recordVisits(db(), { seen: node % 2 === 0 ? seen : seen.toReversed(), denied: [] })
        }),
      )
      const told = (await eventsOf(tenant)).map(({ data }) => data['visitorId'])
      expect(told).toHaveLength(ids.length)
      expect(new Set(told)).toEqual(new Set(ids))
    })

    it('name the refusal, and leave out a share that is not there', async () => {
      const tenant = await createTenant(db())
      const denied = { ...visitorOf(tenant, idOf(tenant, 'a')), reason: 'share.path_not_allowed' }
      const gone = { ...denied, shareId: 'share_gone' }
      await recordVisits(db(), { seen: [{ ...gone, visitorId: 'visitor_gone' }], denied: [denied, gone] })
      expect(await eventsOf(tenant)).toMatchObject([
        { type: 'share.denied', shareId: tenant.share.id, data: { reason: 'share.path_not_allowed' } },
      ])
    })
  })

  describe('expiry', () => {
    it('is told once, though ten look at the same time, and one later', async () => {
      const tenant = await createTenant(db(), { expiresAt: inMs(-1000) })
      await Promise.all(Array.from({ length: 10 }, async () => tellExpiredShares(db(), { sharesMax: 100 })))
      await tellExpiredShares(db(), { sharesMax: 100 })
      expect(await eventsOf(tenant)).toMatchObject([
        {
          type: 'share.expired',
          data: { shareName: 'demo', timestamp: tenant.share.expiresAt?.toISOString() },
        },
      ])
    })

    it('is not told of a share that was revoked, nor before its time', async () => {
      const [revoked, running] = [
        await createTenant(db(), { expiresAt: inMs(-1000) }),
        await createTenant(db(), { expiresAt: inMs(60_000) }),
      ]
      await revokeShare(db(), { workspaceId: revoked.workspaceId, shareId: revoked.share.id })
      await tellExpiredShares(db(), { sharesMax: 100 })
      expect([await eventsOf(revoked), await eventsOf(running)]).toEqual([[], []])
    })

    it('of a share that was extended is told again when it comes', async () => {
      const tenant = await createTenant(db(), { expiresAt: inMs(-1000) })
      const ref = { workspaceId: tenant.workspaceId, shareId: tenant.share.id }
      await tellExpiredShares(db(), { sharesMax: 100 })
      await inTransaction(db(), async (tx) => {
        await lockShareForChange(tx, ref)
        await updateShare(tx, { ...ref, changes: { expiresAt: inMs(-500) }, isNarrower: false })
      })
      await tellExpiredShares(db(), { sharesMax: 100 })
      expect(await eventsOf(tenant)).toHaveLength(2)
    })
  })

  describe('agents', () => {
    it('are told when they come and go, not when they stay as they are', async () => {
      const tenant = await createTenant(db())
      const { id: agentId, name: agentName } = tenant.agent
      const at = new Date()
      const tell = async (isOnline: boolean) => tellAgent(db(), { agentId, isOnline, at })
      expect(await tell(false)).toBeNull()
      await Promise.all(Array.from({ length: 10 }, async () => tell(true)))
      expect(await listAgentsToldOnline(db(), 10_000)).toContain(agentId)
      await Promise.all(Array.from({ length: 10 }, async () => tell(false)))
      expect(await listAgentsToldOnline(db(), 10_000)).not.toContain(agentId)
      const data = { agentId, agentName, timestamp: at.toISOString() }
      expect(await eventsOf(tenant)).toMatchObject([
        { type: 'agent.online', agentId, data },
        { type: 'agent.offline', agentId, data },
      ])
    })

    it('that have connected elsewhere meanwhile have not gone', async () => {
      const tenant = await createTenant(db())
      const agentId = tenant.agent.id
      const at = new Date()
      await tellAgent(db(), { agentId, isOnline: true, at })
      const later = new Date(at.getTime() + 1000)
      await setAgentSeen(db(), { agentId, seenAt: later, connectedAt: later })
      expect(await tellAgent(db(), { agentId, isOnline: false, at })).toBeNull()
    })
  })

  it('old events and visitors are deleted in batches, new ones stay', async () => {
    const tenant = await createTenant(db())
    await recordVisits(db(), { seen: [visitorOf(tenant, idOf(tenant, 'old'), inMs(-1e9))], denied: [] })
    await recordVisits(db(), { seen: [visitorOf(tenant, idOf(tenant, 'new'))], denied: [] })
    expect(await deleteOldVisitors(db(), { before: inMs(-1e8), rowsMax: 100 })).toBe(1)
    expect(await deleteOldEvents(db(), { before: inMs(-60_000), rowsMax: 100 })).toBe(0)
    expect(await deleteOldEvents(db(), { before: inMs(60_000), rowsMax: 1 })).toBe(1)
  })

  it('credentials that still count are found together', async () => {
    const { workspaceId, userId } = await createTenant(db())
    const makeKey = async () =>
      createApiKey(db(), {
        workspaceId,
        createdByUserId: null,
        name: 'k',
        keyHash: hashOf(),
        prefix: 'pc_live_aaaa',
      })
    const [kept, revoked] = [await makeKey(), await makeKey()]
    const endedHash = hashOf()
    const session = { userId, workspaceId, kind: 'browser', expiresAt: inMs(60_000) } as const
    const [live, ended, expired] = [
      await createSession(db(), { ...session, tokenHash: hashOf() }),
      await createSession(db(), { ...session, tokenHash: endedHash }),
      await createSession(db(), { ...session, tokenHash: hashOf(), expiresAt: inMs(-1000) }),
    ]
    await revokeApiKey(db(), { workspaceId, apiKeyId: revoked.id })
    await deleteSession(db(), endedHash)
    const ids = {
      apiKeyIds: [kept.id, revoked.id],
      sessionIds: [live.id, ended.id, expired.id],
    }
    expect(await listLiveCredentials(db(), ids)).toEqual({
      apiKeys: [{ id: kept.id, allowedIpRanges: [] }],
      sessionIds: [live.id],
    })
  })
}
