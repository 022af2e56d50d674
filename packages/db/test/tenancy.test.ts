import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  createApiKey,
  createShare,
  deleteAgent,
  deleteService,
  getAgent,
  getApiKey,
  getService,
  getShare,
  listAccessLogs,
  listAgents,
  listApiKeys,
  listEventsAfter,
  appendEvent,
  insertAccessLogs,
  listServices,
  listShares,
  listSharesOfService,
  revokeApiKey,
  revokeShare,
  rotateAgentToken,
  setApiKeyIpRanges,
  setServiceCredentials,
  findServiceCredentials,
  updateService,
  setServiceStatus,
  upsertService,
} from '../src/index.ts'
import { createTestDb, type TestDb } from '../src/testing/index.ts'
import { createTenant, hashOf, newShare, type Tenant } from './suites/fixtures.ts'

// Guarantee: with another workspace's id in hand, every function that a workspace calls answers as if the thing
// did not exist, and changes nothing.

let test: TestDb
let mine: Tenant
let theirs: Tenant
let theirKeyId: string

beforeAll(async () => {
  test = await createTestDb()
  mine = await createTenant(test.db)
  theirs = await createTenant(test.db)
  const { workspaceId, share } = theirs
  const key = { createdByUserId: null, name: 'k', keyHash: hashOf(), prefix: 'pc_live_1234' }
  theirKeyId = (await createApiKey(test.db, { ...key, workspaceId })).id
  await appendEvent(test.db, { workspaceId, type: 'share.created', data: {} })
  const request = { path: '/', method: 'GET', statusCode: 200, latencyMs: 1, timestampMs: 1 }
  const origin = { ipAddress: '::1', userAgent: null, bytesIn: 0, bytesOut: 0, denied: null }
  await insertAccessLogs(test.db, [{ ...request, ...origin, shareId: share.id, workspaceId }])
})

afterAll(() => test.close())

const target = { name: 'x', targetHost: 'localhost', targetPort: 1, protocol: 'tcp' } as const
type Attempt = (workspaceId: string) => Promise<unknown>

const attempts: Record<string, readonly [code: string, Attempt]> = {
  getAgent: [
    'agent.not_found',
    (workspaceId) => getAgent(test.db, { workspaceId, agentId: theirs.agent.id }),
  ],
  rotateAgentToken: [
    'agent.not_found',
    (workspaceId) =>
      rotateAgentToken(test.db, { workspaceId, agentId: theirs.agent.id, tokenHash: hashOf() }),
  ],
  deleteAgent: [
    'agent.not_found',
    (workspaceId) => deleteAgent(test.db, { workspaceId, agentId: theirs.agent.id }),
  ],
  upsertService: [
    'agent.not_found',
    (workspaceId) => upsertService(test.db, { ...target, workspaceId, agentId: theirs.agent.id }),
  ],
  getService: [
    'service.not_found',
    (workspaceId) => getService(test.db, { workspaceId, serviceId: theirs.service.id }),
  ],
  deleteService: [
    'service.not_found',
    (workspaceId) => deleteService(test.db, { workspaceId, serviceId: theirs.service.id }),
  ],
  updateService: [
    'service.not_found',
    (workspaceId) => updateService(test.db, { workspaceId, serviceId: theirs.service.id, targetPort: 9 }),
  ],
  setServiceCredentials: [
    'service.not_found',
    async (workspaceId) => {
      await setServiceCredentials(test.db, { workspaceId, serviceId: theirs.service.id, sealed: null })
      return true
    },
  ],
  findServiceCredentials: [
    'service.not_found',
    (workspaceId) => findServiceCredentials(test.db, { workspaceId, serviceId: theirs.service.id }),
  ],
  createShare: [
    'service.not_found',
    (workspaceId) => createShare(test.db, newShare(workspaceId, theirs.service.id)),
  ],
  listSharesOfService: [
    'service.not_found',
    (workspaceId) => listSharesOfService(test.db, { workspaceId, serviceId: theirs.service.id, limit: 10 }),
  ],
  getShare: [
    'share.not_found',
    (workspaceId) => getShare(test.db, { workspaceId, shareId: theirs.share.id }),
  ],
  revokeShare: [
    'share.not_found',
    (workspaceId) => revokeShare(test.db, { workspaceId, shareId: theirs.share.id }),
  ],
  getApiKey: [
    'api_key.not_found',
    (workspaceId) => getApiKey(test.db, { workspaceId, apiKeyId: theirKeyId }),
  ],
  revokeApiKey: [
    'api_key.not_found',
    (workspaceId) => revokeApiKey(test.db, { workspaceId, apiKeyId: theirKeyId }),
  ],
  setApiKeyIpRanges: [
    'api_key.not_found',
    (workspaceId) => setApiKeyIpRanges(test.db, { workspaceId, apiKeyId: theirKeyId, allowedIpRanges: [] }),
  ],
}

/** Everything that the other workspace has; nothing of it may change. */
async function snapshot(): Promise<string> {
  const where = { workspaceId: theirs.workspaceId }
  const { client } = test.db
  const rows = await Promise.all([
    client.agent.findMany({ where }),
    client.service.findMany({ where }),
    client.share.findMany({ where, include: { links: true } }),
    client.apiKey.findMany({ where }),
    client.revocation.findMany(),
  ])
  return JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}

it.each(Object.keys(attempts))(
  '%s with another workspace’s id finds nothing and changes nothing',
  async (name) => {
    const [code, attempt] = attempts[name] ?? ['', async () => {}]
    const before = await snapshot()
    await expect(attempt(mine.workspaceId)).rejects.toMatchObject({ code })
    expect(await snapshot()).toBe(before)
  },
)

it('lists hold only the own workspace’s rows', async () => {
  const page = { workspaceId: mine.workspaceId, limit: 100 }
  expect((await listAgents(test.db, page)).map(({ id }) => id)).toEqual([mine.agent.id])
  expect((await listServices(test.db, page)).map(({ id }) => id)).toEqual([mine.service.id])
  expect((await listShares(test.db, page)).map(({ id }) => id)).toEqual([mine.share.id])
  expect(await listApiKeys(test.db, page)).toEqual([])
  expect(await listEventsAfter(test.db, { ...page, seq: 0 })).toEqual([])
  expect(await listAccessLogs(test.db, { ...page, shareId: theirs.share.id })).toEqual([])
})

it('a cursor from another workspace only places the page, it shows none of its rows', async () => {
  const page = { workspaceId: mine.workspaceId, limit: 100, cursor: theirs.share.id }
  expect((await listShares(test.db, page)).map(({ id }) => id)).toEqual([mine.share.id])
})

it('a status for another workspace’s service is ignored', async () => {
  const before = await snapshot()
  const ref = { workspaceId: mine.workspaceId, serviceId: theirs.service.id }
  await setServiceStatus(test.db, { ...ref, status: 'offline', checkedAt: new Date() })
  expect(await snapshot()).toBe(before)
})

it('the same calls by the owner succeed: the ids are right and only the workspace kept them away', async () => {
  for (const [name, [, attempt]] of Object.entries(attempts)) {
    // Deleting first would make the rest absent for another reason.
    if (name === 'deleteAgent' || name === 'deleteService') continue
    await expect(attempt(theirs.workspaceId)).resolves.toBeDefined()
  }
})
