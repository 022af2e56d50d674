// Guarantee (TEN-01, KEY-07): every REST operation answers 2xx exactly to the callers named here, another
// workspace's objects are 404 with the very body of unknown ones, and a route that is missing here fails.
import { beginQueryAudit } from '@private-connect/db'
import { beforeAll, describe, expect, it } from 'vitest'
import { restOperations } from '../src/index.ts'
import { anonymous, createTestApi, type Caller } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

interface Row {
  readonly input: (owner: Tenant) => Record<string, unknown>
  /** Whose 2xx it is: everyone's, any credential's, or a session's only. */
  readonly access: 'public' | 'credential' | 'session'
  /** Whether the input names an object of the owner: then others get 404. */
  readonly isOwned: boolean
}

const own = (access: Row['access'], input: Row['input']): Row => ({ access, input, isOwned: true })
const general = (access: Row['access'], input: Row['input'] = () => ({})): Row => ({
  access,
  input,
  isOwned: false,
})
let serial = 0
const unique = (): string => `n${(serial += 1)}`

const matrix: Record<string, Row> = {
  'agents.register': general('credential', () => ({ name: 'laptop' })),
  'agents.list': general('credential'),
  'agents.get': own('credential', ({ agentId }) => ({ id: agentId })),
  'agents.rotateToken': own('credential', ({ agentId }) => ({ id: agentId })),
  'agents.delete': own('credential', ({ agentId }) => ({ id: agentId })),
  'apiKeys.create': general('session', () => ({ name: 'ci' })),
  'apiKeys.list': general('session'),
  'apiKeys.get': own('session', ({ apiKeyId }) => ({ id: apiKeyId })),
  'apiKeys.setIpRestrictions': own('session', ({ apiKeyId }) => ({
    id: apiKeyId,
    allowedIpRanges: ['203.0.113.0/24'],
  })),
  'apiKeys.revoke': own('session', ({ apiKeyId }) => ({ id: apiKeyId })),
  'auth.register': general('public', () => ({ email: 'new@example.com', workspaceName: 'mine' })),
  'auth.login': general('public', () => ({ email: 'new@example.com' })),
  // Without a link of one's own these are 401 for all; sign-in.test.ts has the links.
  'auth.inspectLink': general('public', () => ({ token: 'magic_tok_unknown' })),
  'auth.verify': general('public', () => ({ token: 'magic_tok_unknown' })),
  'auth.me': general('credential'),
  'auth.logout': general('session'),
  'services.register': own('credential', ({ agentId }) => ({
    agentId,
    name: unique(),
    targetHost: 'localhost',
    targetPort: 80,
  })),
  'services.registerExternal': general('credential', () => ({
    name: unique(),
    targetHost: 'db.example.com',
    targetPort: 5432,
  })),
  'services.update': own('credential', ({ serviceId }) => ({ id: serviceId, targetPort: 4000 })),
  'services.setCredentials': own('credential', ({ serviceId }) => ({ id: serviceId, password: 'secret' })),
  'services.removeCredentials': own('credential', ({ serviceId }) => ({ id: serviceId })),
  'services.check': own('credential', ({ serviceId }) => ({ id: serviceId })),
  'services.delete': own('credential', ({ serviceId }) => ({ id: serviceId })),
  'devices.code': general('public', () => ({ clientName: 'laptop' })),
  // Without a code of one's own these fail for all; device-sign-in.test.ts has the codes.
  'devices.token': general('public', () => ({ deviceCode: 'device_tok_unknown' })),
  'devices.verify': general('session', () => ({ userCode: 'BCDF-GHJK' })),
  'events.list': general('credential'),
  'events.stream': own('credential', ({ shareId }) => ({ shareId })),
  'services.list': general('credential'),
  'services.get': own('credential', ({ serviceId }) => ({ id: serviceId })),
  'sessions.list': general('session'),
  'sessions.end': own('session', ({ sessionId }) => ({ id: sessionId })),
  'sessions.endOthers': general('session'),
  'shares.create': own('credential', ({ serviceId }) => ({ serviceId, name: 'demo' })),
  'shares.list': general('credential'),
  'shares.listOfService': own('credential', ({ serviceId }) => ({ serviceId })),
  'shares.get': own('credential', ({ shareId }) => ({ id: shareId })),
  'shares.logs': own('credential', ({ shareId }) => ({ id: shareId })),
  'shares.queries': own('credential', ({ shareId }) => ({ id: shareId })),
  'shares.ask': own('credential', ({ shareId }) => ({ id: shareId, query: 'SELECT 1' })),
  'shares.exportLogs': own('credential', ({ shareId }) => ({ id: shareId })),
  'shares.update': own('credential', ({ shareId }) => ({ id: shareId, name: 'other' })),
  'shares.rotate': own('credential', ({ shareId }) => ({ id: shareId })),
  'shares.stats': own('credential', ({ shareId }) => ({ id: shareId })),
  'shares.revoke': own('credential', ({ shareId }) => ({ id: shareId })),
  'shares.info': general('public', ({ shareToken }) => ({ token: shareToken })),
  'webhooks.create': general('credential', () => ({ url: 'https://example.com/hook' })),
  'webhooks.list': general('credential'),
  'webhooks.get': own('credential', ({ webhookId }) => ({ id: webhookId })),
  'webhooks.update': own('credential', ({ webhookId }) => ({ id: webhookId, description: unique() })),
  'webhooks.delete': own('credential', ({ webhookId }) => ({ id: webhookId })),
  'webhooks.rotateSecret': own('credential', ({ webhookId }) => ({ id: webhookId })),
  'webhooks.test': own('credential', ({ webhookId }) => ({ id: webhookId })),
  'webhooks.listDeliveries': own('credential', ({ webhookId }) => ({ id: webhookId })),
  'webhooks.redeliver': own('credential', ({ deliveryId }) => ({ id: deliveryId })),
  'webhooks.redeliverMany': own('credential', ({ webhookId }) => ({ id: webhookId })),
  'workspace.get': general('credential'),
  'workspace.update': general('credential', () => ({ name: unique() })),
  'audit.list': general('credential'),
  'audit.verify': general('credential'),
}

/** Operations that need a secret which nobody here has, and what they answer then. */
const withoutSubject: Record<string, number> = {
  'auth.verify': 401,
  'auth.inspectLink': 401,
  'devices.token': 400,
  'devices.verify': 404,
}

const api = await createTestApi()
let owner: Tenant
let stranger: Tenant

it('has a row for each operation and no other', () => {
  expect(Object.keys(matrix).sort()).toEqual(restOperations.map(({ id }) => id).sort())
})

const rows = Object.entries(matrix)

describe.each(rows)('%s', (id, { access, input, isOwned }) => {
  beforeAll(renewTenants)

  it('is for those whom the matrix names', async () => {
    const ask = async (caller: Caller) => (await api.call(caller, id, input(owner))).status
    const askAgain = async () => {
      // What the key deleted is not there for the session.
      if (id.endsWith('.delete')) await renewTenants()
      return ask(owner.session)
    }
    const statuses = {
      anonymous: await ask(anonymous),
      revokedKey: await ask(owner.revokedKey),
      madeUpKey: await ask({ 'x-api-key': 'pc_live_abcdefghijklmnopqrstuvwxyz' }),
      strangersKey: await ask(stranger.key),
      strangersSession: await ask(stranger.session),
      ownersKey: await ask(owner.key),
      ownersSession: await askAgain(),
    }
    const success = withoutSubject[id] ?? restOperations.find((operation) => operation.id === id)?.status
    const forStrangers = isOwned ? 404 : success
    const expected = {
      public: [success, success, success, success, success, success, success],
      credential: [401, 401, 401, forStrangers, forStrangers, success, success],
      session: [401, 401, 401, 403, forStrangers, 403, success],
    }
    expect(Object.values(statuses)).toEqual(expected[access])
  })
})

describe.each(rows.filter(([, { isOwned }]) => isOwned))('%s', (id, { input }) => {
  beforeAll(renewTenants)

  it('tells a stranger nothing: an unknown id has the same body', async () => {
    const madeUp = Object.entries(input(owner)).map(([name, value]) => [name, withMadeUpId(value)])
    const foreign = await api.call(stranger.session, id, input(owner))
    const unknown = await api.call(stranger.session, id, Object.fromEntries(madeUp))
    expect(foreign.status).toBe(404)
    expect(foreign.body).toEqual(unknown.body)
  })
})

describe.each(rows.filter(([, { access }]) => access !== 'public'))('%s', (id, { input }) => {
  beforeAll(renewTenants)

  it('refuses before it looks at the input', async () => {
    const nonsense = Object.fromEntries(Object.keys(input(owner)).map((name) => [name, '\0']))
    const { status, body } = await api.call(anonymous, id, { ...nonsense, nothing: 1 })
    expect([status, (body as { code: string }).code]).toEqual([401, 'auth.required'])
  })
})

async function renewTenants(): Promise<void> {
  owner = await createTenant(api, unique())
  stranger = await createTenant(api, unique())
}

function withMadeUpId(value: unknown): unknown {
  const [, prefix] = /^(agent|dlv|hook|key|sid|svc|share)_/.exec(String(value)) ?? []
  return prefix === undefined ? value : `${prefix}_00000000000000000000000000`
}

it('shows no tenant anything of another in any list', async () => {
  const names = ['alpha', 'bravo'] as const
  const [alpha, bravo] = [await createTenant(api, names[0]), await createTenant(api, names[1])]
  for (const [name, { workspaceId, shareId, serviceId }] of [
    ['alpha', alpha],
    ['bravo', bravo],
  ] as const) {
    const query = { workspaceId, shareId, serviceId, linkId: null, visitorId: null, userAgent: null }
    await beginQueryAudit(api.db, { ...query, ipAddress: '203.0.113.7', query: `SELECT '${name}'` })
  }
  // Something for the audit log and the events.
  for (const { session, serviceId } of [alpha, bravo]) {
    await api.call(session, 'workspace.update', { showsBranding: false })
    await api.call(session, 'shares.create', { serviceId, name: 'demo' })
  }
  for (const { id, list, access } of restOperations) {
    if (list === undefined || access === 'public') continue
    for (const [mine, theirs] of [
      [alpha, 'bravo'],
      [bravo, 'alpha'],
    ] as const) {
      const { status, body } = await api.call(mine.session, id, matrix[id]?.input(mine))
      expect(status).toBe(200)
      expect(JSON.stringify(body)).not.toContain(theirs)
      expect(JSON.stringify(body).length).toBeGreaterThan(20)
    }
  }
})
