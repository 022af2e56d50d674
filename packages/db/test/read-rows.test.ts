// Guarantee: a hot read answers the same rows by pg itself and, in a transaction, by Prisma; every column as its type says.
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  createAgent,
  createShare,
  createUserWithWorkspace,
  getAgent,
  getShare,
  getWorkspace,
  inTransaction,
  listAgents,
  listShares,
  upsertService,
  type Queryable,
} from '../src/index.ts'
import { createTestDb } from '../src/testing/index.ts'

let test: Awaited<ReturnType<typeof createTestDb>>
beforeAll(async () => {
  test = await createTestDb()
})
afterAll(() => test.close())

it('by pg and in a transaction', async () => {
  const { db } = test
  const { workspace } = await createUserWithWorkspace(db, { email: 'a@example.com', workspaceName: 'acme' })
  const workspaceId = workspace.id
  const tokenHash = new Uint8Array(32).fill(7)
  const agent = await createAgent(db, { workspaceId, name: 'laptop', label: null, tokenHash })
  const target = { name: 'app', targetHost: 'localhost', targetPort: 3000, protocol: 'http' } as const
  const { service } = await upsertService(db, { workspaceId, agentId: agent.id, ...target })
  const rules = { allowedPaths: ['/a"b,{}', '/ü\\'], allowedMethods: ['GET'], rateLimitPerMin: 5 } as const
  const share = await createShare(db, {
    workspaceId,
    serviceId: service.id,
    createdByUserId: null,
    createdByApiKeyId: null,
    name: 'demo',
    description: null,
    expiresAt: new Date('2031-05-06T07:08:09.123Z'),
    ...rules,
    link: { tokenHash, tokenPreview: 'share_tok_abc...' },
  })
  await db.client.share.update({ where: { id: share.id }, data: { accessCount: 5_000_000_000n } })
  const read = async (from: Queryable) => ({
    workspace: await getWorkspace(from, workspaceId),
    agents: [
      await getAgent(from, { workspaceId, agentId: agent.id }),
      ...(await listAgents(from, { workspaceId, limit: 2 })),
      ...(await listAgents(from, { workspaceId, limit: 2, cursor: agent.id })),
    ],
    shares: [
      await getShare(from, { workspaceId, shareId: share.id }),
      ...(await listShares(from, { workspaceId, limit: 2 })),
      ...(await listShares(from, { workspaceId, limit: 2, cursor: share.id })),
    ],
  })
  const counted = { ...share, accessCount: 5_000_000_000 }
  const expected = { workspace, agents: [agent, agent], shares: [counted, counted] }
  expect(share).toMatchObject({ ...rules, expiresAt: new Date('2031-05-06T07:08:09.123Z') })
  expect(await read(db)).toStrictEqual(expected)
  expect(await inTransaction(db, read)).toStrictEqual(expected)
})
