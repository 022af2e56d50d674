// Guarantee (LOG-06): mails about agents and shares are off until a workspace asks for them, each by itself;
// who turned what on or off is in the audit log, and what is no such setting changes nothing.
import { beforeEach, describe, expect, it } from 'vitest'
import { createTestApi, type Caller } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

const api = await createTestApi()
let owner: Tenant

beforeEach(async () => {
  owner = await createTenant(api)
  api.changes.length = 0
})

const update = (input: object, caller: Caller = owner.key) =>
  api.call(caller, 'workspace.update', { ...input })
const settings = async (caller: Caller = owner.key) => {
  const { body } = await api.call(caller, 'workspace.get')
  return (body as { mailAlerts: object }).mailAlerts
}
const none = { agentOffline: false, shareExpiring: false }

it('are off in a new workspace', async () => {
  expect(await settings()).toEqual(none)
})

it.each(['agentOffline', 'shareExpiring'] as const)('%s is turned on and off by itself', async (name) => {
  const on = await update({ mailAlerts: { [name]: true } })
  expect([on.status, on.body]).toMatchObject([200, { mailAlerts: { ...none, [name]: true } }])
  expect(await settings()).toEqual({ ...none, [name]: true })
  await update({ name: 'renamed', showsBranding: false })
  expect(await settings()).toEqual({ ...none, [name]: true })
  await update({ mailAlerts: { [name]: false } })
  expect(await settings()).toEqual(none)
})

it('both at once, with other changes', async () => {
  const mailAlerts = { agentOffline: true, shareExpiring: true }
  const { body } = await update({ mailAlerts, policy: { hideTarget: true } })
  expect(body).toMatchObject({ mailAlerts, policy: { hideTarget: true } })
})

it('are one workspace’s', async () => {
  const stranger = await createTenant(api)
  await update({ mailAlerts: { agentOffline: true } })
  expect(await settings(stranger.key)).toEqual(none)
  expect(api.changes).toEqual([`workspace ${owner.workspaceId}`])
})

it('are in the audit log with who changed them', async () => {
  await update({ mailAlerts: { shareExpiring: true } }, owner.session)
  const rows = await api.db.client.auditEntry.findMany({ where: { workspaceId: owner.workspaceId } })
  expect(rows).toMatchObject([
    {
      action: 'workspace.updated',
      actorId: owner.userId,
      details: { mailAlerts: { shareExpiring: true } },
    },
  ])
})

describe('what is no such setting', () => {
  it.each<[string, object]>([
    ['mailAlerts', { mailAlerts: {} }],
    ['mailAlerts', { mailAlerts: true }],
    ['mailAlerts', { mailAlerts: null }],
    ['mailAlerts.agentOffline', { mailAlerts: { agentOffline: 'yes' } }],
    ['mailAlerts.shareExpiring', { mailAlerts: { shareExpiring: null } }],
    ['mailAlerts.everything', { mailAlerts: { everything: true } }],
    ['mailsAgentOffline', { mailsAgentOffline: true }],
  ])('is refused by the name %s: %j', async (path, input) => {
    const { status, body } = await update({ name: 'changed', ...input })
    expect([status, body]).toMatchObject([
      400,
      { issues: expect.arrayContaining([expect.objectContaining({ path })]) },
    ])
    expect((await api.call(owner.key, 'workspace.get')).body).toMatchObject({
      name: expect.not.stringContaining('changed'),
      mailAlerts: none,
    })
    expect(api.changes).toEqual([])
  })
})
