// Guarantee: while the database cannot be reached, every operation that takes a credential, and the public ones that
// ask for a well-formed token, answer 503 `hub.store_unavailable` with the one error body, lets nobody in, and shows nothing of what failed.
import { expect, it } from 'vitest'
import {
  createAuthenticator,
  createCredentialCache,
  mintToken,
  restOperations,
  type ApiContext,
  type RestOperation,
  type RestRequest,
} from '../src/index.ts'
import { createBreakableDb } from './kit/breakable-db.ts'
import { createTestApi, findOperation } from './kit/test-api.ts'
import { createTenant } from './kit/tenant.ts'

const api = await createTestApi()

it('for every operation', async () => {
  const { session, shareToken } = await createTenant(api, 'owner')
  const breakable = await createBreakableDb(api.db.url)
  const { db } = breakable
  const contextOf = (): ApiContext => ({
    ...api.contextOf(session),
    db,
    authenticate: createAuthenticator(createCredentialCache(db), {
      headers: session,
      ipAddress: '203.0.113.9',
      nowMs: Date.now(),
      checkCookieUse: () => {},
    }),
  })
  const nothing: RestRequest = { params: {}, query: {}, body: undefined }
  const ask = (operation: RestOperation, request = nothing) => operation.invoke(contextOf(), request)
  expect((await ask(findOperation('auth.me'))).status).toBe(200)
  await breakable.break()
  const requests: [RestOperation, RestRequest][] = [
    ...restOperations
      .filter(({ access }) => access !== 'public')
      .map((operation): [RestOperation, RestRequest] => [operation, nothing]),
    [findOperation('shares.info'), { ...nothing, params: { token: shareToken } }],
    [findOperation('auth.verify'), { ...nothing, query: { token: mintToken('magicLink') } }],
  ]
  for (const [operation, request] of requests) {
    const { status, body, error } = await ask(operation, request)
    expect([operation.id, status, error?.code]).toEqual([operation.id, 503, 'hub.store_unavailable'])
    expect(body).toMatchObject({ statusCode: 503, code: 'hub.store_unavailable', requestId: 'req-test' })
    expect(JSON.stringify(body)).not.toMatch(/postgres|ECONN|127\.0\.0\.1|terminated/i)
  }
  await db.close()
})
