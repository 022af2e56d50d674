// Guarantee (TOK-10): of a thousand creates at once with one Idempotency-Key one is done and all are answered alike; a
// thousand with keys of their own are a thousand, and no two have a token in common.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startInnerHub, type InnerHub } from './kit/hub-in-process.ts'

const many = 1000
let inner: InnerHub
let path: string
let serial = 0

beforeAll(async () => {
  inner = await startInnerHub({
    API_REQUESTS_PER_MIN: '1000000',
    // A key that cannot be looked up, because all connections are taken, counts as none.
    ANONYMOUS_REQUESTS_PER_MIN: '1000000',
  })
}, 120_000)
afterAll(() => inner?.remove())
beforeEach(async () => {
  const target = { name: `web${(serial += 1)}`, targetHost: '127.0.0.1', targetPort: 9 }
  const made = await inner.api<{ service: { id: string } }>('POST', '/v1/services/external', target)
  path = `/v1/services/${made.body.service.id}/shares`
})

/** As a client that repeats does: again with the same key where the hub is too busy. */
async function create(idempotencyKey: string): Promise<string> {
  for (;;) {
    const answer = await fetch(inner.url + path, {
      method: 'POST',
      headers: {
        'x-api-key': inner.apiKey,
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey,
      },
      body: '{"name":"demo"}',
    })
    const text = await answer.text()
    if (answer.status === 201) return text
    expect([answer.status, text]).toEqual([503, expect.stringContaining('hub.')])
  }
}

const countShares = async () => inner.hub.store.db.client.share.count()
const tokenOf = (text: string) => (JSON.parse(text) as { share: { token: string } }).share.token

it('with one key make one share', { timeout: 240_000 }, async () => {
  const before = await countShares()
  const answers = await Promise.all(Array.from({ length: many }, () => create('order-1')))
  expect(await countShares()).toBe(before + 1)
  expect(new Set(answers).size).toBe(1)
})

it('with keys of their own make one each', { timeout: 240_000 }, async () => {
  const before = await countShares()
  const answers = await Promise.all(Array.from({ length: many }, (_, at) => create(`order-of-many-${at}`)))
  expect(await countShares()).toBe(before + many)
  expect(new Set(answers.map(tokenOf)).size).toBe(many)
})
