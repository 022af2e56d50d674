// Guarantee (SPEC §7, DBQ-08): a database is asked what a login may do before the login is stored, with the very login
// and the service as it leads now; what is refused, unknown or another's stores nothing, asks nobody and leaves no audit row.
import { AppError } from '@private-connect/errors'
import { findServiceCredentials } from '@private-connect/db'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { restOperations, type ApiContext } from '../src/index.ts'
import { anonymous, createTestApi, type Caller } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

const api = await createTestApi()
let owner: Tenant
let stranger: Tenant
let machines: ApiContext['ports']['machines']

beforeAll(async () => {
  ;({ machines } = api.contextOf(anonymous).ports)
})
beforeEach(async () => {
  ;[owner, stranger] = [await createTenant(api), await createTenant(api)]
})
afterEach(() => vi.restoreAllMocks())

const set = (input: object = {}, caller: Caller = owner.key) =>
  api.call(caller, 'services.setCredentials', { id: owner.serviceId, password: 'x', ...input })
const stored = () =>
  findServiceCredentials(api.db, { workspaceId: owner.workspaceId, serviceId: owner.serviceId })
const auditOf = (action: string) =>
  api.db.client.auditEntry.findMany({ where: { workspaceId: owner.workspaceId, action } })

describe('the database', () => {
  it('is asked where the service leads now, with the login as it was given', async () => {
    const asked = vi.spyOn(machines, 'inspectLogin')
    await api.call(owner.key, 'services.update', {
      id: owner.serviceId,
      targetHost: 'db.internal',
      targetPort: 15_432,
      engine: 'postgresql',
    })
    await set({ username: ' Auditor ', database: 'shop', tls: false })
    expect(asked.mock.calls).toEqual([
      [
        expect.objectContaining({
          id: owner.serviceId,
          workspaceId: owner.workspaceId,
          targetHost: 'db.internal',
          targetPort: 15_432,
          engine: 'postgresql',
        }),
        { username: ' Auditor ', password: 'x', database: 'shop', tls: false, allowPrivilegedRole: false },
      ],
    ])
  })

  it('is asked without a name, a database or a wish for TLS where none is given', async () => {
    const asked = vi.spyOn(machines, 'inspectLogin')
    await set()
    expect(asked.mock.calls[0]?.[1]).toEqual({
      username: null,
      password: 'x',
      database: null,
      tls: null,
      allowPrivilegedRole: false,
    })
  })

  it('is not asked for a service that is unknown, deleted or another’s', async () => {
    const asked = vi.spyOn(machines, 'inspectLogin')
    const answers = [await set({ id: 'svc_unknown' }), await set({}, stranger.key)]
    await api.call(owner.key, 'services.delete', { id: owner.serviceId })
    answers.push(await set())
    for (const { status, body } of answers) {
      expect([status, body]).toMatchObject([404, { code: 'service.not_found' }])
    }
    expect(asked).not.toHaveBeenCalled()
  })

  it('is not asked by whoever asks too often, and nothing is stored', async () => {
    const asked = vi.spyOn(machines, 'inspectLogin')
    const counted = vi.spyOn(machines, 'countAttempt').mockImplementation(() => {
      throw new AppError('request.rate_limited', undefined, { retryAfterSeconds: 12 })
    })
    const { status, body } = await set()
    expect([status, body]).toMatchObject([429, { code: 'request.rate_limited', retryAfter: 12 }])
    expect(counted.mock.calls).toEqual([[`login ${owner.workspaceId}`, 30]])
    expect(asked).not.toHaveBeenCalled()
    expect(await stored()).toBeNull()
  })
})

describe('a login that may do too much', () => {
  it('is refused with what it may do and how to confirm it, and changes nothing', async () => {
    await set({ username: 'auditor' })
    const before = await stored()
    const { status, body } = await set({ username: 'root' })
    expect([status, body]).toMatchObject([
      403,
      {
        code: 'query.role_refused',
        message: expect.stringMatching(/^This login is a superuser\. .*allowPrivilegedRole/),
      },
    ])
    expect(await stored()).toEqual(before)
    expect(await auditOf('service.credentials_set')).toHaveLength(1)
  })

  it('is stored when it is confirmed, with a warning, and the audit log says what it is', async () => {
    await set({ username: 'auditor' })
    const { body } = await set({ username: 'root', allowPrivilegedRole: true })
    expect(body).toMatchObject({ success: true, warning: 'This login is a superuser.' })
    const rows = await auditOf('service.credentials_set')
    expect(rows.map(({ details }) => details)).toEqual([{ isPrivileged: false }, { isPrivileged: true }])
  })

  it('is warned of for what it may do rather than for what could not be seen', async () => {
    const both = { privilege: 'It may drop tables.', problem: 'It could not be looked at whole.' }
    vi.spyOn(machines, 'inspectLogin').mockResolvedValue(both)
    expect((await set()).status).toBe(403)
    expect((await set({ allowPrivilegedRole: true })).body).toMatchObject({ warning: both.privilege })
  })
})

describe('a refusal', () => {
  it.each<[string, object]>([
    ['password', { password: undefined }],
    ['password', { password: 5 }],
    ['password', { password: 'a\0b' }],
    ['password', { password: '\ud800' }],
    ['username', { username: 'x'.repeat(257) }],
    ['database', { database: 'x'.repeat(257) }],
    ['tls', { tls: 'require' }],
    ['allowPrivilegedRole', { allowPrivilegedRole: 'yes' }],
    ['sslmode', { sslmode: 'disable' }],
  ])('names the field %s, repeats no secret, and asks nobody', async (path, input) => {
    const asked = vi.spyOn(machines, 'inspectLogin')
    const { status, body } = await set({ username: 'canary-user', password: 'canary-password', ...input })
    expect([status, body]).toMatchObject([400, { issues: [{ path }] }])
    expect(JSON.stringify(body)).not.toContain('canary')
    expect(asked).not.toHaveBeenCalled()
    expect(await stored()).toBeNull()
  })
})

describe('the hub', () => {
  it('shows no login in any field of the operation’s answer', () => {
    const operation = restOperations.find(({ id }) => id === 'services.setCredentials')
    expect(JSON.stringify(operation?.example.output)).not.toMatch(/password|username/)
  })

  it('forgets a login for good, as often as it is told to', async () => {
    await set({ username: 'auditor' })
    for (let count = 0; count < 2; count += 1) {
      const { status, body } = await api.call(owner.key, 'services.removeCredentials', {
        id: owner.serviceId,
      })
      expect([status, body]).toMatchObject([200, { service: { hasCredentials: false } }])
    }
    expect(await stored()).toBeNull()
    const others = await api.call(stranger.key, 'services.removeCredentials', { id: owner.serviceId })
    expect(others.body).toMatchObject({ statusCode: 404, code: 'service.not_found' })
  })
})
