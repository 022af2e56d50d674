// Guarantee (TOK-04, KEY-11): tokens that are guessed all at once cost as few look-ups as those that are guessed in turn,
// and whoever has a real agent or share on the same network is let in all the while.
import { request, type RequestOptions } from 'node:http'
import { mintToken } from '@private-connect/api'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startInnerHub, type InnerHub } from './kit/hub-in-process.ts'

const guessesAtOnce = 300
let inner: InnerHub
const lookups: string[] = []

beforeAll(async () => {
  inner = await startInnerHub({ BAD_KEYS_PER_MIN: '5', TRUSTED_PROXIES: '127.0.0.1' })
  const { pool } = inner.hub.store.db
  const query = pool.query.bind(pool) as (...args: unknown[]) => unknown
  vi.spyOn(pool, 'query').mockImplementation((...args: unknown[]) => {
    const [first] = args as [string | { text: string }]
    const text = typeof first === 'string' ? first : first.text
    if (/token_hash"? = |"token_hash" = /.test(text)) lookups.push(text)
    return query(...args) as never
  })
}, 120_000)
afterAll(() => inner?.remove())
beforeEach(() => void lookups.splice(0))

function send(path: string, options: RequestOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    request(inner.url + path, { ...options, agent: false })
      .on('upgrade', (_response, socket) => {
        socket.destroy()
        resolve(101)
      })
      .on('response', (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      .on('error', reject)
      .end()
  })
}

const countOf = (statuses: readonly number[], status: number) =>
  statuses.filter((one) => one === status).length

describe('agents’ tokens', () => {
  const connectAgent = async (address: string, token: string) =>
    send('/v1/tunnel', {
      headers: {
        'x-forwarded-for': address,
        authorization: `Bearer ${token}`,
        connection: 'Upgrade',
        upgrade: 'private-connect-tunnel',
        'private-connect-tunnel-version': '1',
      },
    })

  it('are looked up five times a minute for one network, and real ones as often as they come', async () => {
    const { body } = await inner.api<{ token: string }>('POST', '/v1/agents/register', { name: 'laptop' })
    lookups.length = 0
    const guesses = Array.from({ length: guessesAtOnce }, () =>
      connectAgent('203.0.113.7', mintToken('agent')),
    )
    const real = connectAgent('203.0.113.7', body.token)
    const statuses = await Promise.all(guesses)
    expect(await real).toBe(101)
    expect([countOf(statuses, 401), countOf(statuses, 429)]).toEqual([5, guessesAtOnce - 5])
    expect(await connectAgent('203.0.113.7', body.token)).toBe(101)
    expect(lookups).toHaveLength(5 + 2)
  })
})

describe('shares’ tokens', () => {
  const visit = async (address: string, token: string) =>
    send(`/shared/${token}/`, { headers: { 'x-forwarded-for': address } })

  it('are looked up ten times a minute for one network, and real ones as often as they come', async () => {
    const target = { name: 'web', targetHost: '127.0.0.1', targetPort: 9 }
    const made = await inner.api<{ service: { id: string } }>('POST', '/v1/services/external', target)
    const { body } = await inner.api<{ share: { token: string } }>(
      'POST',
      `/v1/services/${made.body.service.id}/shares`,
      { name: 'demo' },
    )
    lookups.length = 0
    const guesses = Array.from({ length: guessesAtOnce }, () => visit('203.0.113.8', mintToken('share')))
    const statuses = await Promise.all(guesses)
    expect([countOf(statuses, 404), countOf(statuses, 429)]).toEqual([10, guessesAtOnce - 10])
    expect(lookups).toHaveLength(10)
    // Nothing listens behind it: that the hub tried is what shows that the visitor was let in.
    expect(await visit('203.0.113.8', body.share.token)).toBe(502)
    expect(await visit('203.0.113.8', mintToken('share'))).toBe(429)
  })
})
