// Guarantee (SPEC §7): a share masks the columns that its owner names, from its first query on; one more masked column
// cuts what is open, one less does not; what is no column is a 400 that names it.
import { findShareGrantByTokenHash } from '@private-connect/db'
import { beforeEach, describe, expect, it } from 'vitest'
import { hashToken } from '../src/index.ts'
import { createTestApi } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

const api = await createTestApi()
let owner: Tenant

beforeEach(async () => {
  owner = await createTenant(api)
  api.changes.length = 0
})

interface Made {
  readonly id: string
  readonly token: string
}
const create = (fields: object = {}) =>
  api.call(owner.key, 'shares.create', { serviceId: owner.serviceId, name: 'demo', ...fields })
const madeBy = ({ body }: { body: unknown }) => (body as { share: Made }).share
const update = (fields: object) => api.call(owner.key, 'shares.update', { id: owner.shareId, ...fields })
const shown = async (id = owner.shareId) =>
  ((await api.call(owner.key, 'shares.get', { id })).body as { maskedColumns: string[] }).maskedColumns
/** What the hub goes by when a visitor comes. */
const masksOf = async (token: string) =>
  (await findShareGrantByTokenHash(api.db, hashToken(token)))?.maskedColumns

describe('masked columns', () => {
  it('are none unless some are named', async () => {
    const { id, token } = madeBy(await create())
    expect([await shown(id), await masksOf(token)]).toEqual([[], []])
  })

  it('hold from the first query on, each once, as they were written', async () => {
    const maskedColumns = ['users.email', 'app.users.Email', 'kunden.straße', 'users.email']
    const { id, token } = madeBy(await create({ maskedColumns }))
    const expected = maskedColumns.slice(0, 3)
    expect([await shown(id), await masksOf(token)]).toEqual([expected, expected])
  })

  it('cut what is open when there is one more, and not when there is one less', async () => {
    await update({ maskedColumns: ['users.email'] })
    await update({ maskedColumns: ['users.email', 'users.phone'] })
    expect(api.changes).toEqual(Array(2).fill(`share ${owner.shareId}`))
    api.changes.length = 0
    await update({ maskedColumns: ['users.phone'] })
    await update({ maskedColumns: [] })
    expect(api.changes).toEqual(Array(2).fill(`refreshed ${owner.shareId}`))
    expect([await shown(), await masksOf(owner.shareToken)]).toEqual([[], []])
  })

  it('cut when one takes the place of another', async () => {
    await update({ maskedColumns: ['users.email'] })
    api.changes.length = 0
    await update({ maskedColumns: ['users.phone'] })
    expect(api.changes).toEqual([`share ${owner.shareId}`])
  })

  it('stay through every other change and a new link', async () => {
    await update({ maskedColumns: ['users.email'] })
    await update({ name: 'other', allowWrites: true, expiresIn: '7d' })
    const { token } = madeBy(await api.call(owner.key, 'shares.rotate', { id: owner.shareId }))
    expect(token).not.toBe(owner.shareToken)
    expect(await masksOf(token)).toEqual(['users.email'])
  })

  it('are not told to visitors', async () => {
    await update({ maskedColumns: ['users.canary'] })
    const info = await api.call({}, 'shares.info', { token: owner.shareToken })
    expect([info.status, JSON.stringify(info.body)]).toEqual([200, expect.not.stringContaining('canary')])
  })

  it('are in the audit log when they change', async () => {
    await update({ maskedColumns: ['users.email'] })
    const rows = await api.db.client.auditEntry.findMany({ where: { workspaceId: owner.workspaceId } })
    expect(rows.map(({ action, details }) => [action, details])).toEqual([
      ['share.updated', { maskedColumns: ['users.email'] }],
    ])
  })

  it('are at most a hundred', async () => {
    const columns = Array.from({ length: 101 }, (_, index) => `users.column${index}`)
    expect((await create({ maskedColumns: columns })).status).toBe(400)
    expect((await create({ maskedColumns: columns.slice(1) })).status).toBe(201)
  })
})

describe('what is no column', () => {
  it.each([
    'email',
    'users.',
    '.email',
    'users..email',
    'a.b.c.d',
    'users.e mail',
    'users."email"',
    'users.`email`',
    'users.email\n',
    'users.\0',
    '',
    `users.${'x'.repeat(65)}`,
    5,
    null,
  ])('is refused by its place: %j', async (column) => {
    for (const answer of [
      await create({ maskedColumns: ['users.email', column] }),
      await update({ maskedColumns: ['users.email', column] }),
    ]) {
      expect([answer.status, answer.body]).toMatchObject([400, { issues: [{ path: 'maskedColumns.1' }] }])
    }
    expect(await shown()).toEqual([])
  })
})
