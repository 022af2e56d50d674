// Guarantee (SPEC §7): a service is the database that its owner says, until they say otherwise; a change of it is a change
// of where its visitors are led, and a name that no database has is a 400.
import { beforeEach, describe, expect, it } from 'vitest'
import { databaseEngines } from '../src/contracts/index.ts'
import { createTestApi } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

const api = await createTestApi()
let owner: Tenant

beforeEach(async () => {
  owner = await createTenant(api)
  api.changes.length = 0
})

const call = (id: string, input: object) => api.call(owner.key, id, { ...input })
const target = { name: 'db', targetHost: 'db.example.com', targetPort: 15_432 }
const serviceOf = ({ body }: { body: unknown }) =>
  (body as { service: { id: string; engine: string | null; status: string } }).service
const update = (input: object) => call('services.update', { id: owner.serviceId, ...input })

describe('the database that a service is', () => {
  it.each(databaseEngines)('may be named: %s', async (engine) => {
    const external = await call('services.registerExternal', { ...target, engine })
    expect([external.status, serviceOf(external)]).toMatchObject([201, { engine, isExternal: true }])
    const local = await call('services.register', { ...target, name: 'own', agentId: owner.agentId, engine })
    expect([local.status, serviceOf(local)]).toMatchObject([200, { engine, isExternal: false }])
    const shown = await call('services.get', { id: serviceOf(external).id })
    expect(shown.body).toMatchObject({ engine })
  })

  it('is unknown where nobody names it', async () => {
    expect(serviceOf(await call('services.registerExternal', target)).engine).toBeNull()
  })

  it('stays when a service is registered again without it, as an agent does at each start', async () => {
    const own = { ...target, agentId: owner.agentId }
    const first = serviceOf(await call('services.register', { ...own, engine: 'redis' }))
    const again = serviceOf(await call('services.register', own))
    expect(again).toMatchObject({ id: first.id, engine: 'redis' })
    expect(api.changes).toEqual([])
  })

  it('cuts who uses the service when it changes, and only then', async () => {
    await update({ engine: 'mysql' })
    await update({ engine: 'mysql' })
    await update({ name: 'renamed' })
    expect(api.changes).toEqual([`service ${owner.serviceId}`])
    expect(serviceOf(await update({ engine: null })).engine).toBeNull()
    expect(api.changes).toEqual(Array(2).fill(`service ${owner.serviceId}`))
  })

  it('is for its workspace alone to change', async () => {
    const stranger = await createTenant(api)
    const { status } = await api.call(stranger.key, 'services.update', {
      id: owner.serviceId,
      engine: 'redis',
    })
    expect(status).toBe(404)
    expect((await call('services.get', { id: owner.serviceId })).body).toMatchObject({ engine: null })
  })

  it.each(['oracle', 'PostgreSQL', '', 5])('is none of ours: %j', async (engine) => {
    const answers = [
      await call('services.registerExternal', { ...target, engine }),
      await call('services.register', { ...target, agentId: owner.agentId, engine }),
      await update({ engine }),
    ]
    for (const { status, body } of answers) {
      expect([status, body]).toMatchObject([400, { issues: [{ path: 'engine' }] }])
    }
  })
})
