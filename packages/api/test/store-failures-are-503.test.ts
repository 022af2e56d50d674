// Guarantee: while the database cannot be reached, every operation that takes a credential answers 503
// `hub.store_unavailable` with the one error body, lets nobody in, and shows nothing of what failed.
import { expect, it } from 'vitest'
import { createAuthenticator, restOperations, type ApiContext, type RestOperation } from '../src/index.ts'
import { createBreakableDb } from './kit/breakable-db.ts'
import { createTestApi, findOperation } from './kit/test-api.ts'
import { createTenant } from './kit/tenant.ts'

it('for every operation that takes a credential', async () => {
  const api = await createTestApi()
  const { session } = await createTenant(api, 'owner')
  const breakable = await createBreakableDb(api.db.url)
  const { db } = breakable
  const contextOf = (): ApiContext => ({
    ...api.contextOf(session),
    db,
    authenticate: createAuthenticator(db, {
      headers: session,
      ipAddress: '203.0.113.9',
      nowMs: Date.now(),
      checkCookieUse: () => {},
    }),
  })
  const ask = (operation: RestOperation) =>
    operation.invoke(contextOf(), { params: {}, query: {}, body: undefined })
  expect((await ask(findOperation('auth.me'))).status).toBe(200)
  await breakable.break()
  for (const operation of restOperations.filter(({ access }) => access !== 'public')) {
    const { status, body, error } = await ask(operation)
    expect([operation.id, status, error?.code]).toEqual([operation.id, 503, 'hub.store_unavailable'])
    expect(body).toMatchObject({ statusCode: 503, code: 'hub.store_unavailable', requestId: 'req-test' })
    expect(JSON.stringify(body)).not.toMatch(/postgres|ECONN|127\.0\.0\.1|terminated/i)
  }
  await db.close()
  await api.close()
})
