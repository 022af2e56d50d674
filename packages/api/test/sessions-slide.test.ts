// Guarantee (AUTH-17): a session that is used lives on for 30 days from its use, 90 days at most, and is nothing the
// moment after its end.
import { createSession, createUserWithWorkspace } from '@private-connect/db'
import { describe, expect, it } from 'vitest'
import { createCredentialCache, hashToken, mintToken, resolveCredential } from '../src/index.ts'
import { createTestApi } from './kit/test-api.ts'

const api = await createTestApi()
const dayMs = 86_400_000

interface Age {
  readonly createdDaysAgo: number
  readonly seenMinutesAgo: number
  readonly endsInMs: number
}

async function createAgedSession({ createdDaysAgo, seenMinutesAgo, endsInMs }: Age) {
  const token = mintToken('session')
  const email = `${token}@example.com`
  const { user, workspace } = await createUserWithWorkspace(api.db, { email, workspaceName: 'aged' })
  const { id } = await createSession(api.db, {
    tokenHash: hashToken(token),
    userId: user.id,
    workspaceId: workspace.id,
    kind: 'browser',
    expiresAt: new Date(Date.now() + endsInMs),
  })
  const data = {
    createdAt: new Date(Date.now() - createdDaysAgo * dayMs),
    lastSeenAt: new Date(Date.now() - seenMinutesAgo * 60_000),
  }
  await api.db.client.session.update({ where: { id }, data })
  const renewed: Array<{ token: string; endsAt: Date }> = []
  const read = async () => api.db.client.session.findUniqueOrThrow({ where: { id } })
  const use = () =>
    resolveCredential(createCredentialCache(api.db), {
      headers: { cookie: `session=${token}` },
      ipAddress: '203.0.113.9',
      nowMs: Date.now(),
      checkCookieUse: () => {},
      renewCookie: (renewedToken, endsAt) => void renewed.push({ token: renewedToken, endsAt }),
    })
  return { token, renewed, read, use, workspaceId: workspace.id, userId: user.id }
}

const daysLeft = (end: Date): number => Math.round((end.getTime() - Date.now()) / dayMs)

describe('a session', () => {
  it('lives on for 30 days from its use', async () => {
    const session = await createAgedSession({ createdDaysAgo: 10, seenMinutesAgo: 5, endsInMs: dayMs })
    expect(await session.use()).toMatchObject({ kind: 'session', userId: session.userId })
    expect(daysLeft((await session.read()).expiresAt)).toBe(30)
  })

  it('gives its cookie the same end, and only when it got a later one', async () => {
    const session = await createAgedSession({ createdDaysAgo: 80, seenMinutesAgo: 5, endsInMs: dayMs })
    await session.use()
    expect(session.renewed).toEqual([{ token: session.token, endsAt: (await session.read()).expiresAt }])
    await session.use()
    expect(session.renewed).toHaveLength(1)
  })

  it('ends 90 days after its sign-in whatever its use', async () => {
    const session = await createAgedSession({ createdDaysAgo: 80, seenMinutesAgo: 5, endsInMs: dayMs })
    await session.use()
    expect(daysLeft((await session.read()).expiresAt)).toBe(10)
  })

  it('is written at most once a minute', async () => {
    const session = await createAgedSession({ createdDaysAgo: 1, seenMinutesAgo: 0, endsInMs: dayMs })
    const before = await session.read()
    await session.use()
    expect(await session.read()).toEqual(before)
  })

  it('is nothing after its end, nor when its user has left the workspace', async () => {
    const ended = await createAgedSession({ createdDaysAgo: 31, seenMinutesAgo: 5, endsInMs: -1 })
    await expect(ended.use()).rejects.toMatchObject({ code: 'auth.invalid' })
    const left = await createAgedSession({ createdDaysAgo: 1, seenMinutesAgo: 5, endsInMs: dayMs })
    await api.db.client.membership.deleteMany({
      where: { workspaceId: left.workspaceId, userId: left.userId },
    })
    await expect(left.use()).rejects.toMatchObject({ code: 'auth.invalid' })
  })

  it('is nothing when its workspace is gone', async () => {
    const session = await createAgedSession({ createdDaysAgo: 1, seenMinutesAgo: 5, endsInMs: dayMs })
    const where = { id: session.workspaceId }
    await api.db.client.workspace.update({ where, data: { deletedAt: new Date() } })
    await expect(session.use()).rejects.toMatchObject({ code: 'auth.invalid' })
  })
})
