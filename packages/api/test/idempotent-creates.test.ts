// Guarantee (TOK-10): a create that is repeated with the same Idempotency-Key, one after the other or at once, is done
// once and answered alike, secrets too; the database keeps none of them in the clear; another body is a 409.
import { beforeEach, describe, expect, it } from 'vitest'
import { createTestApi, findOperation, pathParametersOf, type Caller } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

const api = await createTestApi()
let owner: Tenant
const key = 'd3b07384-d9a0-4c9b-8f6e-1f1f5c5e3f10'

beforeEach(async () => {
  owner = await createTenant(api)
  api.changes.length = 0
})

async function createWith(
  caller: Caller,
  idempotencyKey: string,
  [id, input]: readonly [string, Record<string, unknown>],
) {
  const operation = findOperation(id)
  const names = pathParametersOf(operation)
  const isInPath = ([name]: [string, unknown]) => names.includes(name)
  const entries = Object.entries(input)
  return operation.invoke(
    { ...api.contextOf(caller), idempotencyKey },
    {
      params: Object.fromEntries(entries.filter(isInPath)) as Record<string, string>,
      query: {},
      body: Object.fromEntries(entries.filter((entry) => !isInPath(entry))),
    },
  )
}

const shareOf = ({ serviceId }: Tenant, fields: Record<string, unknown> = {}) =>
  ['shares.create', { serviceId, name: 'demo', ...fields }] as const
const countShares = () => api.db.client.share.count({ where: { workspaceId: owner.workspaceId } })

describe('the same key and the same body', () => {
  it.each<[string, () => readonly [string, Record<string, unknown>]]>([
    ['shares.create', () => shareOf(owner)],
    ['agents.register', () => ['agents.register', { name: 'laptop' }]],
    ['apiKeys.create', () => ['apiKeys.create', { name: 'ci' }]],
    [
      'services.registerExternal',
      () => ['services.registerExternal', { name: 'x', targetHost: 'db.example.com', targetPort: 5432 }],
    ],
  ])('answer alike: %s', async (_id, request) => {
    const first = await createWith(owner.session, key, request())
    const second = await createWith(owner.session, key, request())
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body).toEqual(first.body)
    expect([first.headers['idempotency-replayed'], second.headers['idempotency-replayed']]).toEqual([
      undefined,
      'true',
    ])
  })

  it('make one share out of fifty at once', async () => {
    const before = await countShares()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => createWith(owner.key, key, shareOf(owner))),
    )
    expect(await countShares()).toBe(before + 1)
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1)
  })

  it('whatever the order of the fields', async () => {
    const [id, input] = shareOf(owner, { allowedPaths: ['/a'] })
    const first = await createWith(owner.key, key, [id, input])
    const turned = Object.fromEntries(Object.entries(input).reverse())
    expect((await createWith(owner.key, key, [id, turned])).body).toEqual(first.body)
  })

  it('do it again after 24 hours', async () => {
    const first = await createWith(owner.key, key, shareOf(owner))
    await api.db.client.idempotencyKey.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } })
    const later = await createWith(owner.key, key, shareOf(owner))
    expect(later.status).toBe(201)
    expect(later.body).not.toEqual(first.body)
  })
})

describe('the key', () => {
  it('is refused with 409 for another body and for another operation', async () => {
    await createWith(owner.key, key, shareOf(owner))
    const other = await createWith(owner.key, key, shareOf(owner, { name: 'other' }))
    const elsewhere = await createWith(owner.key, key, ['agents.register', { name: 'laptop' }])
    for (const { status, body } of [other, elsewhere]) {
      expect([status, body]).toEqual([409, expect.objectContaining({ code: 'request.idempotency_conflict' })])
    }
  })

  it('belongs to one credential: another one’s is another key', async () => {
    const first = await createWith(owner.key, key, shareOf(owner))
    const second = await createWith(owner.session, key, shareOf(owner))
    expect(second.status).toBe(201)
    expect(second.body).not.toEqual(first.body)
  })

  it('is free again where the create failed, and nothing of it stays', async () => {
    const wrong = await createWith(owner.key, key, shareOf(owner, { expiresIn: '1y' }))
    expect(wrong.status).toBe(400)
    const missing = await createWith(owner.key, key, ['shares.create', { serviceId: 'svc_x', name: 'demo' }])
    expect(missing.status).toBe(404)
    expect((await createWith(owner.key, key, shareOf(owner))).status).toBe(201)
  })

  it.each(['', ' ', 'a b', 'ü', 'x'.repeat(256)])('is refused where it is none: %j', async (wrong) => {
    const { status, body } = await createWith(owner.key, wrong, shareOf(owner))
    expect([status, body]).toEqual([
      400,
      expect.objectContaining({ issues: [expect.objectContaining({ path: 'Idempotency-Key' })] }),
    ])
  })

  it('changes nothing for what is no create', async () => {
    const [first, second] = [
      await createWith(owner.key, key, ['shares.rotate', { id: owner.shareId }]),
      await createWith(owner.key, key, ['shares.rotate', { id: owner.shareId }]),
    ]
    expect([first.status, second.status]).toEqual([200, 200])
    expect(second.body).not.toEqual(first.body)
  })
})

it('tells the hub once, when it is committed', async () => {
  const target = { agentId: owner.agentId, name: 'web', targetHost: 'localhost', targetPort: 80 }
  const external = { name: 'db', targetHost: 'db.example.com', targetPort: 5432 }
  await api.call(owner.key, 'services.register', target)
  api.changes.length = 0
  await createWith(owner.key, key, ['services.registerExternal', external])
  const told = [...api.changes]
  await createWith(owner.key, key, ['services.registerExternal', external])
  expect(api.changes).toEqual(told)
})

it('asks name servers while no transaction is open', async () => {
  const ctx = api.contextOf(owner.key)
  const openTransactions: number[] = []
  const mayDial = async () => {
    const [row] = await api.db.client.$queryRaw<[{ open: number }]>`
      SELECT count(*)::int AS open FROM pg_stat_activity WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid()
        AND datname = current_database()`
    openTransactions.push(row.open)
    return true
  }
  const ports = { ...ctx.ports, machines: { ...ctx.ports.machines, mayDial } }
  const body = { name: 'x', targetHost: 'slow.example.com', targetPort: 5432 }
  const request = { params: {}, query: {}, body }
  const operation = findOperation('services.registerExternal')
  const answer = await operation.invoke({ ...ctx, ports, idempotencyKey: key }, request)
  expect([answer.status, openTransactions]).toEqual([201, [0]])
})

it('answers a repeat alike when the target may not be dialled any more', async () => {
  const body = { name: 'x', targetHost: 'moved.example.com', targetPort: 5432 }
  const request = { params: {}, query: {}, body }
  const operation = findOperation('services.registerExternal')
  const ctx = { ...api.contextOf(owner.key), idempotencyKey: key }
  const first = await operation.invoke(ctx, request)
  const machines = { ...ctx.ports.machines, mayDial: async () => false }
  const again = { ...api.contextOf(owner.key), idempotencyKey: key, ports: { ...ctx.ports, machines } }
  expect((await operation.invoke(again, request)).body).toEqual(first.body)
})

it('keeps neither the key nor a secret that the answer showed', async () => {
  const { body } = await createWith(owner.key, key, shareOf(owner))
  const { token } = (body as { share: { token: string } }).share
  const [row] = await api.db.client.idempotencyKey.findMany({ where: { workspaceId: owner.workspaceId } })
  const bytes = Buffer.from(row?.responseCipher ?? []).toString('latin1')
  expect(bytes.length).toBeGreaterThan(100)
  expect(`${bytes}${JSON.stringify({ ...row, responseCipher: null })}`).not.toMatch(
    new RegExp(`${token}|${key}|share_tok_`),
  )
})
