// Guarantee (SPEC §3, TEN-08, SSRF-10): agents and services change, end and are checked as documented; what ends cuts
// what it must; a database login goes in and never comes out.
import { findServiceCredentials, findShareGrantByTokenHash } from '@private-connect/db'
import { beforeEach, describe, expect, it } from 'vitest'
import { credentialsBinding, hashToken, type CheckedService } from '../src/index.ts'
import { createTestApi, vault } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

const api = await createTestApi()
let owner: Tenant

beforeEach(async () => {
  owner = await createTenant(api)
  api.changes.length = 0
})

const call = (id: string, input: Record<string, unknown>) => api.call(owner.key, id, input)
const serviceOf = ({ body }: { body: unknown }) => (body as { service: Record<string, unknown> }).service
const codeOf = ({ body }: { body: unknown }) => (body as { code: string }).code

async function registerExternal(targetHost = 'db.example.com') {
  const target = { name: `s${Math.random().toString(36).slice(2)}`, targetHost, targetPort: 5432 }
  return call('services.registerExternal', target)
}

describe('an agent', () => {
  it('ends with its services and shares, and its tunnel is cut', async () => {
    const { agentId, serviceId, shareToken } = owner
    expect((await call('agents.delete', { id: agentId })).body).toEqual({ success: true })
    expect(api.changes).toEqual([`agent ${agentId}`])
    for (const [id, subject] of [
      ['agents.get', agentId],
      ['services.get', serviceId],
      ['agents.delete', agentId],
      ['agents.rotateToken', agentId],
    ] as const) {
      expect((await call(id, { id: subject })).status).toBe(404)
    }
    const grant = await findShareGrantByTokenHash(api.db, hashToken(shareToken))
    expect(grant?.isRevoked).toBe(true)
    expect((await call('shares.logs', { id: owner.shareId })).status).toBe(200)
  })
})

describe('a service', () => {
  it('changes what is given, and cuts its visitors only when it leads elsewhere', async () => {
    const id = owner.serviceId
    const renamed = await call('services.update', { id, name: 'shop' })
    expect(serviceOf(renamed)).toMatchObject({ id, name: 'shop', targetPort: 3000, protocol: 'http' })
    expect(api.changes).toEqual([])
    for (const change of [{ targetPort: 4000 }, { targetHost: '127.0.0.1' }, { protocol: 'https' }]) {
      api.changes.length = 0
      expect(serviceOf(await call('services.update', { id, ...change }))).toMatchObject(change)
      expect(api.changes).toEqual([`service ${id}`])
    }
    expect((await call('services.get', { id })).body).toMatchObject({ targetPort: 4000, protocol: 'https' })
  })

  it('takes a certificate that does not verify where its owner says so', async () => {
    const { id } = serviceOf(await registerExternal()) as { id: string }
    const changed = await call('services.update', { id, allowsSelfSigned: true })
    expect(serviceOf(changed)).toMatchObject({ allowsSelfSigned: true })
    expect(api.changes).toEqual([`service ${id}`])
  })

  it('keeps its name from others', async () => {
    const { name } = serviceOf(await registerExternal()) as { name: string }
    const taken = await call('services.update', { id: owner.serviceId, name })
    expect([taken.status, codeOf(taken)]).toEqual([409, 'service.name_taken'])
  })

  it('is not led to what the hub does not dial, when it is made or later', async () => {
    const refused = await registerExternal('10.0.0.1')
    expect([refused.status, codeOf(refused)]).toEqual([400, 'request.invalid'])
    expect((refused.body as { issues: object[] }).issues).toMatchObject([{ path: 'targetHost' }])
    const { id } = serviceOf(await registerExternal()) as { id: string }
    expect((await call('services.update', { id, targetHost: '10.0.0.1' })).status).toBe(400)
    expect((await call('services.get', { id })).body).toMatchObject({ targetHost: 'db.example.com' })
    // An agent dials from where it is, and only what its user shared there.
    const local = await call('services.update', { id: owner.serviceId, targetHost: '10.0.0.1' })
    expect(local.status).toBe(200)
  })

  it('ends with its shares, and whoever uses them is cut', async () => {
    const { serviceId: id, shareToken } = owner
    expect((await call('services.delete', { id })).body).toEqual({ success: true })
    expect(api.changes).toEqual([`service ${id}`])
    expect((await call('services.get', { id })).status).toBe(404)
    expect((await call('services.delete', { id })).status).toBe(404)
    expect((await findShareGrantByTokenHash(api.db, hashToken(shareToken)))?.isRevoked).toBe(true)
    expect((await api.call({}, 'shares.info', { token: shareToken })).status).toBe(403)
  })
})

describe('a check', () => {
  const found = (status: CheckedService['status']): CheckedService => ({
    check: { dns: 'ok', tcp: 'ok', tls: 'skipped', http: 'ok', latencyMs: 4, message: 'It answers.' },
    status,
  })

  it('answers what it found, and the service shows it until it leads elsewhere', async () => {
    const { id } = serviceOf(await registerExternal()) as { id: string }
    for (const status of ['unreachable', 'active'] as const) {
      api.checks.set(id, found(status))
      const { status: answered, body } = await call('services.check', { id })
      expect([answered, body]).toEqual([200, { success: true, check: found(status).check }])
      const shown = (await call('services.get', { id })).body as { lastCheckedAt: string }
      expect(shown).toMatchObject({ status })
      expect(Date.now() - Date.parse(shown.lastCheckedAt)).toBeLessThan(60_000)
    }
    expect(serviceOf(await call('services.update', { id, targetPort: 1 }))).toMatchObject({
      status: 'unknown',
      lastCheckedAt: null,
    })
  })

  it('of a service whose agent is away says so', async () => {
    const { body } = await call('services.check', { id: owner.serviceId })
    expect(body).toMatchObject({ check: { tcp: 'skipped', message: 'Its agent is offline.' } })
    expect((await call('services.get', { id: owner.serviceId })).body).toMatchObject({ status: 'offline' })
  })
})

describe('a database login', () => {
  const password = 'canary-"password\\ü'
  const login = {
    username: 'canary-user',
    password,
    database: 'canary-db',
    tls: true,
    allowPrivilegedRole: false,
  }

  it('goes in encrypted, bound to its service, and never comes out', async () => {
    const id = owner.serviceId
    const set = await call('services.setCredentials', { id, ...login })
    expect(set.status).toBe(200)
    expect(serviceOf(set)).toMatchObject({ id, hasCredentials: true })
    const answers = [set, await call('services.get', { id }), await call('services.list', {})]
    const rows = [
      await api.db.client.service.findMany(),
      await api.db.client.auditEntry.findMany({ where: { workspaceId: owner.workspaceId } }),
    ]
    const everything = JSON.stringify([answers, rows], (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    expect(everything).not.toMatch(/canary/)
    const ref = { workspaceId: owner.workspaceId, serviceId: id }
    const sealed = await findServiceCredentials(api.db, ref)
    expect(Buffer.from(sealed?.cipher ?? []).toString('latin1')).not.toContain('canary')
    expect(
      JSON.parse(vault.open(credentialsBinding(id), sealed ?? { cipher: new Uint8Array(), keyId: '' })),
    ).toEqual(login)
    const removed = await call('services.removeCredentials', { id })
    expect(serviceOf(removed)).toMatchObject({ hasCredentials: false })
    expect(await findServiceCredentials(api.db, ref)).toBeNull()
  })

  it('needs a password and takes the rest as it is', async () => {
    const id = owner.serviceId
    expect((await call('services.setCredentials', { id })).status).toBe(400)
    expect((await call('services.setCredentials', { id, password: 'x'.repeat(4097) })).status).toBe(400)
    expect((await call('services.setCredentials', { id, password: 'a\0b' })).status).toBe(400)
    expect((await call('services.setCredentials', { id, password: '' })).status).toBe(200)
  })

  // Guarantee (DBQ-08): a superuser's login is only stored when its owner confirms it by name.
  it('of a superuser is refused unless it is confirmed', async () => {
    const id = owner.serviceId
    await call('services.removeCredentials', { id })
    const root = { id, username: 'root', password: 'x' }
    const refused = await call('services.setCredentials', root)
    expect([refused.status, refused.body]).toMatchObject([403, { code: 'query.role_refused' }])
    expect(await findServiceCredentials(api.db, { workspaceId: owner.workspaceId, serviceId: id })).toBeNull()
    const confirmed = await call('services.setCredentials', { ...root, allowPrivilegedRole: true })
    expect([confirmed.status, confirmed.body]).toMatchObject([200, { warning: 'This login is a superuser.' }])
  })

  it('that cannot be looked at now is stored with a warning', async () => {
    const id = owner.serviceId
    const stored = await call('services.setCredentials', { id, username: 'nobody', password: 'x' })
    expect(stored.body).toMatchObject({ warning: 'The database did not let this login in.' })
    const plain = await call('services.setCredentials', { id, username: 'auditor', password: 'x' })
    expect(plain.body).toMatchObject({ warning: null })
  })
})
