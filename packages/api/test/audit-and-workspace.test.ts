// Guarantee (LOG-05, LOG-06): the workspace's administrative actions are read by API, newest first, and a row that was
// edited or deleted is named. The workspace's name, policy and branding are changed by what is named.
import { beforeEach, describe, expect, it } from 'vitest'
import { createTestApi } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

const api = await createTestApi()
let owner: Tenant

beforeEach(async () => {
  owner = await createTenant(api)
  api.changes.length = 0
})

interface Entry {
  readonly seq: number
  readonly action: string
  readonly hash: string
  readonly previousHash: string | null
}

async function readAudit(input: Record<string, unknown> = {}) {
  const { body, headers } = await api.call(owner.key, 'audit.list', input)
  return { entries: (body as { entries: Entry[] }).entries, link: headers['link'] }
}

describe('GET /v1/audit', () => {
  it('names who did what to what from where, chained by hash, page by page', async () => {
    await api.call(owner.session, 'shares.update', { id: owner.shareId, name: 'other' })
    await api.call(owner.key, 'shares.rotate', { id: owner.shareId })
    await api.call(owner.key, 'shares.revoke', { id: owner.shareId })
    const { entries } = await readAudit()
    expect(entries.map(({ action, seq }) => [seq, action])).toEqual([
      [3, 'share.revoked'],
      [2, 'share.rotated'],
      [1, 'share.updated'],
    ])
    expect(entries[2]).toMatchObject({
      actorKind: 'user',
      actorId: owner.userId,
      subjectId: owner.shareId,
      details: { name: 'other' },
      ipAddress: '203.0.113.9',
      previousHash: null,
    })
    expect(entries[0]).toMatchObject({ actorKind: 'api_key', actorId: owner.apiKeyId })
    expect(entries[0]?.previousHash).toBe(entries[1]?.hash)
    const first = await readAudit({ limit: 2 })
    const cursor = /cursor=([\w-]+)/.exec(String(first.link))?.[1]
    const rest = await readAudit({ limit: 2, cursor })
    expect([...first.entries, ...rest.entries]).toEqual(entries)
    expect(rest.link).toBeUndefined()
  })

  it('never has a token', async () => {
    const { body } = await api.call(owner.key, 'shares.rotate', { id: owner.shareId })
    const { token } = (body as { share: { token: string } }).share
    expect(JSON.stringify(await readAudit())).not.toContain(token)
  })
})

describe('GET /v1/audit/verify', () => {
  const verify = async () => (await api.call(owner.key, 'audit.verify')).body

  beforeEach(async () => {
    for (const name of ['a', 'b', 'c', 'd']) {
      await api.call(owner.key, 'shares.update', { id: owner.shareId, name })
    }
  })

  it('says that a whole chain is whole', async () => {
    expect(await verify()).toEqual({ isIntact: true, firstBrokenSeq: null })
  })

  it.each([
    ['edited', "UPDATE audit_log SET action = 'x' WHERE seq = 2 AND workspace_id = $1", 2],
    ['deleted', 'DELETE FROM audit_log WHERE seq = 3 AND workspace_id = $1', 3],
    ['deleted at the end', 'DELETE FROM audit_log WHERE seq = 4 AND workspace_id = $1', 4],
  ])('names the first row that was %s', async (_what, sql, firstBrokenSeq) => {
    await api.db.pool.query(sql, [owner.workspaceId])
    expect(await verify()).toEqual({ isIntact: false, firstBrokenSeq })
  })
})

describe('PATCH /v1/workspace', () => {
  const policy = {
    maxExpirySeconds: null,
    allowsNeverExpiring: true,
    databasesReadOnly: false,
    hideTarget: false,
  }

  it('changes what is named, tells the hub, and leaves the rest', async () => {
    const { status, body } = await api.call(owner.key, 'workspace.update', {
      policy: { maxExpirySeconds: 3600, hideTarget: true },
      showsBranding: false,
    })
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({
        policy: { ...policy, maxExpirySeconds: 3600, hideTarget: true },
        showsBranding: false,
      }),
    ])
    expect(api.changes).toEqual([`workspace ${owner.workspaceId}`])
    const renamed = await api.call(owner.key, 'workspace.update', {
      name: ' Acme Corp ',
      policy: { maxExpirySeconds: null },
    })
    expect(renamed.body).toMatchObject({
      name: 'Acme Corp',
      policy: { ...policy, hideTarget: true },
      showsBranding: false,
    })
  })

  it.each([
    {},
    { policy: {} },
    { name: 'x' },
    { name: 'x'.repeat(51) },
    { policy: { maxExpirySeconds: 59 } },
    { policy: { maxExpirySeconds: 1.5 } },
    { policy: { maxExpirySeconds: 1e15 } },
    { policy: { somethingElse: true } },
    { showsBranding: 'yes' },
    { id: 'ws_1' },
  ])('refuses %j', async (input) => {
    expect((await api.call(owner.key, 'workspace.update', input)).status).toBe(400)
  })
})
