// Guarantee: tRPC and REST are one API (SPEC §3): the same call gets the same data, and the same refusal the same
// code and issues; tRPC has no way around a check that REST makes.
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import superjson from 'superjson'
import { describe, expect, it } from 'vitest'
import { appRouter, restOperations } from '../src/index.ts'
import { anonymous, createTestApi, findOperation, type Caller } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

const api = await createTestApi()
const owner = await createTenant(api, 'owner')
const stranger = await createTenant(api, 'stranger')

/** One tRPC call over HTTP, as a client makes it: queries by GET, mutations by POST. */
async function callTrpc(caller: Caller, path: string, input: unknown) {
  const isQuery = queries.some(({ id }) => id === path)
  const serialized = JSON.stringify(superjson.serialize(input))
  const query = isQuery ? `?input=${encodeURIComponent(serialized)}` : ''
  const response = await fetchRequestHandler({
    endpoint: '/trpc',
    router: appRouter,
    req: new Request(`http://localhost/trpc/${path}${query}`, {
      method: isQuery ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      ...(isQuery ? {} : { body: serialized }),
    }),
    createContext: () => api.contextOf(caller),
  })
  const body = (await response.json()) as {
    result?: { data: Parameters<typeof superjson.deserialize>[0] }
    error?: { json: { data: Record<string, unknown> } }
  }
  return {
    status: response.status,
    data: body.result === undefined ? undefined : superjson.deserialize(body.result.data),
    error: body.error?.json.data,
  }
}

const inputs: Record<string, (tenant: Tenant) => Record<string, unknown>> = {
  'agents.get': ({ agentId }) => ({ id: agentId }),
  'apiKeys.get': ({ apiKeyId }) => ({ id: apiKeyId }),
  'services.get': ({ serviceId }) => ({ id: serviceId }),
  'shares.get': ({ shareId }) => ({ id: shareId }),
  'shares.listOfService': ({ serviceId }) => ({ serviceId }),
  'shares.stats': ({ shareId }) => ({
    id: shareId,
    from: '2026-03-02T10:00:00Z',
    to: '2026-03-02T12:00:00Z',
  }),
  'shares.logs': ({ shareId }) => ({ id: shareId }),
  'shares.queries': ({ shareId }) => ({ id: shareId }),
  'webhooks.get': ({ webhookId }) => ({ id: webhookId }),
  'webhooks.listDeliveries': ({ webhookId }) => ({ id: webhookId }),
  'shares.info': ({ shareToken }) => ({ token: shareToken }),
}
/** Reads that use something up have tests of their own. */
const usedUp = new Set(['auth.verify', 'devices.token'])
const queries = restOperations.filter(
  ({ id, method, stream }) => method === 'GET' && stream === undefined && !usedUp.has(id),
)

describe.each(queries.map(({ id }) => id))('%s', (id) => {
  const { list } = findOperation(id)
  const inputOf = (tenant: Tenant) => inputs[id]?.(tenant) ?? {}

  it('has the same data', async () => {
    const rest = await api.call(owner.session, id, inputOf(owner))
    const trpc = await callTrpc(owner.session, id, inputOf(owner))
    expect([rest.status, trpc.status]).toEqual([200, 200])
    const { items } = trpc.data as { items: unknown }
    const envelope = list?.field === undefined || list.field === null ? items : { [list.field]: items }
    expect(list === undefined ? trpc.data : envelope).toEqual(rest.body)
  })

  it('has the same refusals', async () => {
    const wrong = { ...inputOf(owner), workspaceId: 'ws_1' }
    const callers = [
      [anonymous, inputOf(owner)],
      [owner.revokedKey, inputOf(owner)],
      [owner.key, inputOf(owner)],
      [stranger.session, inputOf(owner)],
      [owner.session, wrong],
    ] as const
    for (const [caller, input] of callers) {
      const rest = await api.call(caller, id, input)
      const trpc = await callTrpc(caller, id, input)
      expect(trpc.status).toBe(rest.status)
      const { path, httpStatus, ...error } = trpc.error ?? {}
      expect(error).toEqual(rest.status === 200 ? {} : rest.body)
      expect([path, httpStatus]).toEqual(rest.status === 200 ? [undefined, undefined] : [id, rest.status])
    }
  })
})

describe('mutations over tRPC', () => {
  it('do what REST does, with the same checks', async () => {
    const input = { serviceId: owner.serviceId, name: 'demo', allowedPaths: ['api/*'] }
    const refused = await callTrpc(owner.key, 'shares.create', input)
    expect(refused.status).toBe(400)
    expect(refused.error).toMatchObject({
      code: 'request.invalid',
      issues: [{ path: 'allowedPaths.0', message: 'The pattern "api/*" must begin with /' }],
    })
    const created = await callTrpc(owner.key, 'shares.create', { ...input, allowedPaths: ['/api/*'] })
    const { id } = (created.data as { share: { id: string } }).share
    const foreign = await callTrpc(stranger.key, 'shares.revoke', { id })
    expect([foreign.status, foreign.error?.['code']]).toEqual([404, 'share.not_found'])
    const revoked = await callTrpc(owner.key, 'shares.revoke', { id })
    expect([revoked.status, revoked.data]).toEqual([200, { success: true }])
    const keys = await callTrpc(owner.key, 'apiKeys.create', { name: 'more' })
    expect([keys.status, keys.error?.['code']]).toEqual([403, 'auth.session_required'])
  })

  it('do not coerce: numbers in text are a REST affair', async () => {
    expect((await callTrpc(owner.key, 'shares.list', { limit: '5' })).status).toBe(400)
    expect((await api.call(owner.key, 'shares.list', { limit: '5' })).status).toBe(200)
    expect((await callTrpc(owner.key, 'shares.list', { limit: '5' })).status).toBe(400)
  })
})
