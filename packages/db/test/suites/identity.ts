import { describe, expect, it } from 'vitest'
import {
  consumeMagicLink,
  createApiKey,
  createMagicLink,
  createSession,
  createUserWithWorkspace,
  deleteSession,
  endOtherSessions,
  endSession,
  findApiKeyByHash,
  findMagicLink,
  findSessionByHash,
  findUserByEmail,
  findWorkspaceOfUser,
  getApiKey,
  getLastRevocationSeq,
  listApiKeys,
  listRevocationsAfter,
  listSessions,
  replaceMagicLink,
  revokeApiKey,
  setApiKeyIpRanges,
  slideSession,
  touchApiKey,
  type Db,
} from '../../src/index.ts'
import { createTenant, hashOf, hourMs, inMs } from './fixtures.ts'

export function describeIdentity(db: () => Db): void {
  describe('users', () => {
    it('20 sign-ups of one address at once make one user and one workspace', async () => {
      const input = { email: ' Race@Example.com', workspaceName: 'race' }
      const results = await Promise.all(
        Array.from({ length: 20 }, () => createUserWithWorkspace(db(), input)),
      )
      expect(new Set(results.map(({ user }) => user.id)).size).toBe(1)
      expect(new Set(results.map(({ workspace }) => workspace.id)).size).toBe(1)
      expect(results.filter(({ isNewUser }) => isNewUser)).toHaveLength(1)
      const user = await findUserByEmail(db(), 'RACE@example.com ')
      expect(user?.email).toBe('race@example.com')
      expect((await findWorkspaceOfUser(db(), user?.id ?? ''))?.name).toBe('race')
      expect(await findUserByEmail(db(), 'nobody@example.com')).toBeNull()
    })
  })

  describe('magic links', () => {
    const newLink = (tokenHash: Buffer<ArrayBuffer>, ms = hourMs) =>
      createMagicLink(db(), { tokenHash, purpose: 'login', email: 'a@example.com', expiresAt: inMs(ms) })

    it('of 50 consumers at once exactly one gets the link', async () => {
      const tokenHash = hashOf()
      const created = await newLink(tokenHash)
      const results = await Promise.all(Array.from({ length: 50 }, () => consumeMagicLink(db(), tokenHash)))
      expect(results.filter((row) => row !== null)).toEqual([created])
      expect(await findMagicLink(db(), tokenHash)).toBeNull()
    })

    it('looking at a link does not use it, and an expired one is no link', async () => {
      const [fresh, stale] = [hashOf(), hashOf()]
      await newLink(fresh)
      await newLink(stale, -1)
      expect(await findMagicLink(db(), fresh)).toEqual(await findMagicLink(db(), fresh))
      expect(await consumeMagicLink(db(), fresh)).toMatchObject({ email: 'a@example.com', purpose: 'login' })
      expect(await findMagicLink(db(), stale)).toBeNull()
      expect(await consumeMagicLink(db(), stale)).toBeNull()
    })

    it('keeps the binding of the browser that asked', async () => {
      const [tokenHash, bindingHash] = [hashOf(), hashOf('cookie')]
      const link = { tokenHash, bindingHash, email: 'a@example.com', expiresAt: inMs(hourMs) }
      await createMagicLink(db(), { ...link, purpose: 'register', workspaceName: 'mine' })
      const row = await consumeMagicLink(db(), tokenHash)
      expect(row).toMatchObject({ purpose: 'register', workspaceName: 'mine' })
      expect(Buffer.from(row?.bindingHash ?? [])).toEqual(bindingHash)
    })

    it('a newer link for an address replaces the older ones, also when 20 are asked for at once', async () => {
      const base = { email: ' Newest@Example.com', purpose: 'login', expiresAt: inMs(hourMs) } as const
      const hashes = Array.from({ length: 20 }, () => hashOf())
      await Promise.all(hashes.map((tokenHash) => replaceMagicLink(db(), { ...base, tokenHash })))
      const usable = await Promise.all(hashes.map((tokenHash) => findMagicLink(db(), tokenHash)))
      expect(usable.filter((row) => row !== null)).toHaveLength(1)
      const newest = hashOf()
      await replaceMagicLink(db(), { ...base, purpose: 'register', tokenHash: newest })
      expect(await Promise.all(hashes.map((tokenHash) => findMagicLink(db(), tokenHash)))).toEqual(
        hashes.map(() => null),
      )
      expect(await findMagicLink(db(), newest)).toMatchObject({ email: 'newest@example.com' })
    })

    it('a newer link leaves other addresses and the local owner alone, and sweeps what ended', async () => {
      const [other, owner, ended, fresh] = [hashOf(), hashOf(), hashOf(), hashOf()]
      const email = 'alone@example.com'
      const base = { purpose: 'login', expiresAt: inMs(hourMs) } as const
      await replaceMagicLink(db(), { ...base, email: 'other@example.com', tokenHash: other })
      await createMagicLink(db(), { ...base, email, purpose: 'first_run', tokenHash: owner })
      await createMagicLink(db(), { ...base, email: 'x@y.z', expiresAt: inMs(-2 * hourMs), tokenHash: ended })
      await replaceMagicLink(db(), { ...base, email, tokenHash: fresh })
      expect(await findMagicLink(db(), other)).not.toBeNull()
      expect(await findMagicLink(db(), owner)).not.toBeNull()
      expect(await db().client.magicLink.findFirst({ where: { tokenHash: ended } })).toBeNull()
    })

    it('the database refuses a plain token where a hash belongs', async () => {
      const token = Buffer.from('share_tok_abcdefghijklmnopqrstuvwxyz')
      await expect(newLink(token)).rejects.toMatchObject({ code: 'internal' })
    })
  })

  describe('sessions', () => {
    it('lives from creation to deletion, with user, workspace and role', async () => {
      const { userId, workspaceId } = await createTenant(db())
      const tokenHash = hashOf()
      const session = { tokenHash, userId, workspaceId, kind: 'browser', expiresAt: inMs(hourMs) } as const
      const created = await createSession(db(), session)
      expect(await findSessionByHash(db(), tokenHash)).toMatchObject({
        session: created,
        user: { id: userId },
        workspace: { id: workspaceId, name: 'acme-corp' },
        role: 'owner',
      })
      expect(JSON.stringify(created)).not.toContain('okenHash')
      expect(await deleteSession(db(), tokenHash)).toBe(true)
      expect(await deleteSession(db(), tokenHash)).toBe(false)
      expect(await findSessionByHash(db(), tokenHash)).toBeNull()
    })

    it('is over when expired, and when its user is no longer a member', async () => {
      const { userId, workspaceId } = await createTenant(db())
      const base = { userId, workspaceId, kind: 'device' } as const
      const [expired, orphaned] = [hashOf(), hashOf()]
      await createSession(db(), { ...base, tokenHash: expired, expiresAt: inMs(-1) })
      await createSession(db(), { ...base, tokenHash: orphaned, expiresAt: inMs(hourMs) })
      expect(await findSessionByHash(db(), expired)).toBeNull()
      expect(await findSessionByHash(db(), orphaned)).not.toBeNull()
      await db().client.membership.deleteMany({ where: { userId } })
      expect(await findSessionByHash(db(), orphaned)).toBeNull()
    })

    it('slides at most once a minute, and never back to life', async () => {
      const { userId, workspaceId } = await createTenant(db())
      const tokenHash = hashOf()
      const session = { tokenHash, userId, workspaceId, kind: 'browser', expiresAt: inMs(hourMs) } as const
      const { id } = await createSession(db(), session)
      const end = async () => (await findSessionByHash(db(), tokenHash))?.session.expiresAt.getTime()
      await slideSession(db(), { id, expiresAt: inMs(2 * hourMs) })
      expect(await end()).toBe(session.expiresAt.getTime())
      await db().client.session.update({ where: { id }, data: { lastSeenAt: inMs(-61_000) } })
      const later = inMs(2 * hourMs)
      await slideSession(db(), { id, expiresAt: later })
      expect(await end()).toBe(later.getTime())
      await db().client.session.update({
        where: { id },
        data: { lastSeenAt: inMs(-61_000), expiresAt: inMs(-1) },
      })
      await slideSession(db(), { id, expiresAt: later })
      expect(await end()).toBeUndefined()
    })
  })

  describe('the list of sessions', () => {
    const newSession = async (owner: { userId: string; workspaceId: string }, ms = hourMs) => {
      const tokenHash = hashOf()
      const session = {
        ...owner,
        tokenHash,
        kind: 'browser',
        ipAddress: '192.0.2.1',
        userAgent: 'UA',
      } as const
      return { tokenHash, ...(await createSession(db(), { ...session, expiresAt: inMs(ms) })) }
    }
    const newOwner = async () => {
      const { userId, workspaceId } = await createTenant(db())
      return { userId, workspaceId }
    }

    it('has the live ones of its user, newest first, in pages', async () => {
      const [owner, stranger] = [await newOwner(), await newOwner()]
      const made = [await newSession(owner), await newSession(owner), await newSession(owner)]
      await newSession(owner, -1)
      await newSession(stranger)
      const ids = made.map(({ id }) => id).toReversed()
      const page = await listSessions(db(), { ...owner, limit: 2 })
      expect(page.map(({ id }) => id)).toEqual(ids.slice(0, 2))
      expect(page[0]).toMatchObject({ kind: 'browser', ipAddress: '192.0.2.1', userAgent: 'UA' })
      expect(JSON.stringify(page)).not.toContain('okenHash')
      const rest = await listSessions(db(), { ...owner, limit: 2, cursor: ids[1] })
      expect(rest.map(({ id }) => id)).toEqual(ids.slice(2))
    })

    it('loses one that its user ends, and tells every node; strangers end nothing', async () => {
      const [owner, stranger] = [await newOwner(), await newOwner()]
      const { id: sessionId, tokenHash } = await newSession(owner)
      const seq = await getLastRevocationSeq(db())
      await expect(endSession(db(), { ...stranger, sessionId })).rejects.toMatchObject({
        code: 'session.not_found',
      })
      await expect(
        endSession(db(), { userId: stranger.userId, workspaceId: owner.workspaceId, sessionId }),
      ).rejects.toMatchObject({ code: 'session.not_found' })
      expect(await findSessionByHash(db(), tokenHash)).not.toBeNull()
      await endSession(db(), { ...owner, sessionId })
      expect(await findSessionByHash(db(), tokenHash)).toBeNull()
      const told = await listRevocationsAfter(db(), { seq, limit: 100 })
      expect(told.filter(({ subjectId }) => subjectId === sessionId)).toMatchObject([{ kind: 'session' }])
    })

    it('keeps the one that ends all others, whoever ends them at the same time', async () => {
      const [owner, stranger] = [await newOwner(), await newOwner()]
      const kept = await newSession(owner)
      const others = [await newSession(owner), await newSession(owner)].map(({ id }) => id)
      const foreign = await newSession(stranger)
      const input = { ...owner, keptSessionId: kept.id }
      const ended = await Promise.all([endOtherSessions(db(), input), endOtherSessions(db(), input)])
      expect(ended.flat().sort()).toEqual(others.sort())
      expect((await listSessions(db(), { ...owner, limit: 10 })).map(({ id }) => id)).toEqual([kept.id])
      expect(await findSessionByHash(db(), foreign.tokenHash)).not.toBeNull()
    })
  })

  describe('API keys', () => {
    const newKey = async (workspaceId: string, keyHash = hashOf()) =>
      createApiKey(db(), { workspaceId, createdByUserId: null, name: 'ci', keyHash, prefix: 'pc_live_1234' })

    it('is found by hash until it is revoked, and stays in the list', async () => {
      const { workspaceId } = await createTenant(db())
      const keyHash = hashOf()
      const key = await newKey(workspaceId, keyHash)
      expect(await findApiKeyByHash(db(), keyHash)).toMatchObject({
        id: key.id,
        workspace: { id: workspaceId },
      })
      const ref = { workspaceId, apiKeyId: key.id }
      const revoked = await revokeApiKey(db(), ref)
      expect(revoked.revokedAt).not.toBeNull()
      expect(await revokeApiKey(db(), ref)).toEqual(revoked)
      expect(await findApiKeyByHash(db(), keyHash)).toBeNull()
      expect(await listApiKeys(db(), { workspaceId, limit: 10 })).toEqual([revoked])
      expect(JSON.stringify(revoked)).not.toContain('eyHash')
    })

    it('notes its use at most once a minute', async () => {
      const { workspaceId } = await createTenant(db())
      const { id } = await newKey(workspaceId)
      const lastUse = async () => (await getApiKey(db(), { workspaceId, apiKeyId: id })).lastUsedAt
      expect(await lastUse()).toBeNull()
      await touchApiKey(db(), id)
      const first = await lastUse()
      expect(Math.abs(Date.now() - (first?.getTime() ?? 0))).toBeLessThan(60_000)
      await touchApiKey(db(), id)
      expect(await lastUse()).toEqual(first)
      await db().client.apiKey.update({ where: { id }, data: { lastUsedAt: inMs(-61_000) } })
      await touchApiKey(db(), id)
      expect((await lastUse())?.getTime()).toBeGreaterThanOrEqual(first?.getTime() ?? 0)
    })

    it('keeps its address ranges, and pages newest first', async () => {
      const { workspaceId } = await createTenant(db())
      const keys = [await newKey(workspaceId), await newKey(workspaceId), await newKey(workspaceId)]
      const ids = keys.map(({ id }) => id).toReversed()
      const page = await listApiKeys(db(), { workspaceId, limit: 2 })
      expect(page.map(({ id }) => id)).toEqual(ids.slice(0, 2))
      const rest = await listApiKeys(db(), { workspaceId, limit: 2, cursor: ids[1] })
      expect(rest.map(({ id }) => id)).toEqual(ids.slice(2))
      const ranges = ['10.0.0.0/8', '2001:db8::/32']
      const ref = { workspaceId, apiKeyId: ids[0] ?? '' }
      expect((await setApiKeyIpRanges(db(), { ...ref, allowedIpRanges: ranges })).allowedIpRanges).toEqual(
        ranges,
      )
    })
  })
}
