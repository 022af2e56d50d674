// Guarantee (AUTH-17): the list of sessions has the caller's own that are alive and no others, page by page; ending one
// leaves the rest, is audited, and cannot be done to another user's in the same workspace.
import { createSession } from '@private-connect/db'
import { beforeEach, expect, it } from 'vitest'
import { hashToken, mintToken } from '../src/index.ts'
import { anonymous, createTestApi } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

interface Session {
  readonly id: string
  readonly userAgent: string | null
  readonly isCurrent: boolean
}

const api = await createTestApi()
let owner: Tenant
let colleague: Tenant

beforeEach(async () => {
  owner = await createTenant(api)
  colleague = await createTenant(api)
  const { userId } = colleague
  await api.db.client.membership.create({ data: { userId, workspaceId: owner.workspaceId, role: 'member' } })
})

async function signIn(userAgent: string, { userId = owner.userId, expiresInMs = 3_600_000 } = {}) {
  const { id } = await createSession(api.db, {
    tokenHash: hashToken(mintToken('session')),
    userId,
    workspaceId: owner.workspaceId,
    kind: 'browser',
    expiresAt: new Date(Date.now() + expiresInMs),
    userAgent,
  })
  return id
}
const call = (id: string, input: object = {}) => api.call(owner.session, id, { ...input })
const list = async () => (await call('sessions.list')).body as Session[]
const agents = async () => (await list()).map(({ userAgent }) => userAgent)

it('lists no session of a colleague, nor one that is over', async () => {
  await signIn('mine')
  await signIn('theirs', { userId: colleague.userId })
  await signIn('over', { expiresInMs: -1000 })
  const seen = await agents()
  expect(seen).toContain('mine')
  expect(seen).not.toContain('theirs')
  expect(seen).not.toContain('over')
})

it('marks one of all pages as the session that asks', async () => {
  for (const name of ['a', 'b', 'c']) await signIn(name)
  const seen: Session[] = []
  for (let input: object | null = { limit: 2 }; input !== null;) {
    const { body, headers } = await call('sessions.list', input)
    seen.push(...(body as Session[]))
    const cursor = /cursor=([^&>]+)/.exec(String(headers['link'] ?? ''))?.[1]
    input = cursor === undefined ? null : { limit: 2, cursor }
  }
  expect(new Set(seen.map(({ id }) => id)).size).toBe(5)
  expect(seen).toHaveLength(5)
  expect(seen.filter(({ isCurrent }) => isCurrent)).toHaveLength(1)
})

it('ends one and leaves the rest', async () => {
  const [one] = [await signIn('one'), await signIn('two')]
  const before = await list()
  expect((await call('sessions.end', { id: one })).status).toBe(200)
  expect(await list()).toEqual(before.filter(({ id }) => id !== one))
})

it('ends nobody else’s, alone or with all others', async () => {
  const theirs = await signIn('theirs', { userId: colleague.userId })
  const tried = await call('sessions.end', { id: theirs })
  expect([tried.status, tried.body]).toMatchObject([404, { code: 'session.not_found' }])
  await call('sessions.endOthers')
  expect(await api.db.client.session.count({ where: { id: theirs } })).toBe(1)
})

it('says in the audit log which one ended, or how many', async () => {
  const one = await signIn('one')
  await signIn('two')
  await call('sessions.end', { id: one })
  await call('sessions.endOthers')
  await call('sessions.end', { id: one })
  const rows = await api.db.client.auditEntry.findMany({
    where: { workspaceId: owner.workspaceId },
    orderBy: { seq: 'asc' },
  })
  expect(rows).toMatchObject([
    { action: 'session.ended', subjectId: one, actorId: owner.userId },
    { action: 'session.others_ended', details: { endedCount: 2 } },
  ])
  expect(rows).toHaveLength(2)
})

it('is for users: a key, even of the same workspace, sees and ends none', async () => {
  for (const [id, input] of [
    ['sessions.list', {}],
    ['sessions.end', { id: owner.sessionId }],
    ['sessions.endOthers', {}],
  ] as const) {
    const answer = await api.call(owner.key, id, input)
    expect([answer.status, answer.body]).toMatchObject([403, { code: 'auth.session_required' }])
    expect((await api.call(anonymous, id, input)).status).toBe(401)
  }
})
