import type { AppRouter } from '@private-connect/api'
import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client'
import superjson from 'superjson'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'

// Guarantee: REST and tRPC are two doors to the same operations, with the same errors and limits.
describe('the same operation over tRPC and REST', () => {
  let hub: TestHub

  beforeAll(async () => {
    hub = await startTestHub()
  })
  afterAll(async () => hub?.remove())

  const client = (apiKey?: string) =>
    createTRPCClient<AppRouter>({
      links: [
        httpBatchLink({
          url: `${hub.url}/trpc`,
          transformer: superjson,
          headers: apiKey === undefined ? {} : { 'x-api-key': apiKey },
        }),
      ],
    })

  it('answers what the other wrote', async () => {
    const { agent } = await client(hub.apiKey).agents.register.mutate({ name: 'from-trpc' })
    const overRest = await hub.api('GET', `/v1/agents/${agent.id}`)
    expect(overRest).toEqual({ status: 200, body: agent })
  })

  it('refuses a stranger with the same code', async () => {
    const error = await client()
      .agents.list.query({})
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(TRPCClientError)
    expect((error as TRPCClientError<AppRouter>).data).toMatchObject({
      code: 'auth.required',
      httpStatus: 401,
    })
    const overRest = await fetch(`${hub.url}/v1/agents`)
    expect([overRest.status, await overRest.json()]).toEqual([
      401,
      expect.objectContaining({ code: 'auth.required' }),
    ])
  })

  it('has the answers that its contract says, call by call', async () => {
    // Each answer is compared where it arrives: kit/check-answers.ts.
    const trpc = client(hub.apiKey)
    const { agent } = await trpc.agents.register.mutate({ name: 'walk' })
    const { service } = await trpc.services.registerExternal.mutate({
      name: 'walk',
      targetHost: '127.0.0.1',
      targetPort: 9,
    })
    const { share } = await trpc.shares.create.mutate({ serviceId: service.id, name: 'walk' })
    const [byAgent, byService, byShare] = [{ id: agent.id }, { id: service.id }, { id: share.id }]
    await Promise.all([
      trpc.agents.list.query({}),
      trpc.services.list.query({}),
      trpc.services.get.query(byService),
      trpc.shares.list.query({}),
      trpc.shares.listOfService.query({ serviceId: service.id }),
      trpc.shares.get.query(byShare),
    ])
    await Promise.all([
      trpc.shares.stats.query(byShare),
      trpc.shares.logs.query(byShare),
      trpc.shares.info.query({ token: share.token }),
      trpc.workspace.get.query({}),
      trpc.audit.list.query({}),
      trpc.auth.me.query({}),
    ])
    await trpc.services.check.mutate(byService)
    await trpc.services.update.mutate({ ...byService, targetPort: 10 })
    await trpc.shares.update.mutate({ ...byShare, name: 'other' })
    await trpc.shares.rotate.mutate(byShare)
    await trpc.workspace.update.mutate({ showsBranding: true })
    await trpc.agents.rotateToken.mutate(byAgent)
    expect(await trpc.shares.revoke.mutate(byShare)).toEqual({ success: true })
    expect(await trpc.services.delete.mutate(byService)).toEqual({ success: true })
    expect(await trpc.agents.delete.mutate(byAgent)).toEqual({ success: true })
  })

  it('refuses a batch of more than ten calls, a write by GET and a form', async () => {
    const paths = Array.from({ length: 11 }, () => 'agents.list').join(',')
    const batch = await fetch(`${hub.url}/trpc/${paths}?batch=1&input=%7B%7D`, {
      headers: { 'x-api-key': hub.apiKey },
    })
    expect(batch.status).toBe(400)
    const byGet = await fetch(
      `${hub.url}/trpc/agents.register?input=%7B%22json%22%3A%7B%22name%22%3A%22x%22%7D%7D`,
      {
        headers: { 'x-api-key': hub.apiKey },
      },
    )
    expect(byGet.status).toBe(405)
    const byForm = await fetch(`${hub.url}/trpc/agents.register`, {
      method: 'POST',
      headers: { 'x-api-key': hub.apiKey, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'name=x',
    })
    expect(byForm.status).toBe(415)
    expect((await hub.api<unknown[]>('GET', '/v1/agents')).body).toHaveLength(1)
  })

  it('limits strangers by address and says so on each answer', async () => {
    const statuses: number[] = []
    for (let count = 0; count < 110; count += 1) {
      const answer = await fetch(`${hub.url}/v1/agents`)
      statuses.push(answer.status)
      await answer.text()
    }
    expect(statuses[0]).toBe(401)
    expect(statuses.at(-1)).toBe(429)
    const limited = await fetch(`${hub.url}/v1/agents`)
    expect(limited.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await limited.json()).toMatchObject({
      error: 'Too many requests',
      statusCode: 429,
      retryAfter: expect.any(Number),
      requestId: expect.stringMatching(/^req_/),
    })
    const known = await fetch(`${hub.url}/v1/agents`, { headers: { 'x-api-key': hub.apiKey } })
    expect(known.status).toBe(200)
    expect(known.headers.get('x-ratelimit-limit')).toBe('1000')
    expect(Number(known.headers.get('x-ratelimit-remaining'))).toBeLessThan(1000)
  })
})
