// Guarantee (KEY-11): who guesses agents' tokens, or owns a whole /64 of IPv6 to ask from, is held up like anybody else,
// and a real agent or key on the same network is not.
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'

let hub: TestHub

beforeAll(async () => {
  hub = await startTestHub({
    TRUSTED_PROXIES: '127.0.0.1',
    BAD_KEYS_PER_MIN: '3',
    ANONYMOUS_REQUESTS_PER_MIN: '4',
  })
}, 120_000)
afterAll(() => hub.remove())

/** The answer to an agent that connects from there: 101 is a tunnel. */
function connectAgent(address: string, token: string) {
  const headers = {
    'x-forwarded-for': address,
    authorization: `Bearer ${token}`,
    connection: 'Upgrade',
    upgrade: 'private-connect-tunnel',
    'private-connect-tunnel-version': '1',
  }
  return new Promise<{ status: number; retryAfter: string | undefined }>((resolve, reject) => {
    request(`${hub.url}/v1/tunnel`, { headers, agent: false })
      .on('upgrade', (_response, socket) => {
        socket.destroy()
        resolve({ status: 101, retryAfter: undefined })
      })
      .on('response', (response) => {
        response.resume()
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] })
      })
      .on('error', reject)
      .end()
  })
}

async function inTurn<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let index = 1; index <= count; index += 1) results.push(await call(index))
  return results
}

describe('agents’ tokens', () => {
  const guess = (index: number) => `agent_tok_${'abcdefgh'.charAt(index).repeat(32)}`

  it('can be guessed a few times a minute from one network, whose real agents still connect', async () => {
    const { body } = await hub.api<{ token: string }>('POST', '/v1/agents/register', { name: 'laptop' })
    const guesses = await inTurn(5, async (index) => connectAgent(`2001:db8:7::${index}`, guess(index)))
    expect(guesses.map(({ status }) => status)).toEqual([401, 401, 401, 429, 429])
    expect(Number(guesses.at(-1)?.retryAfter)).toBeGreaterThan(0)
    expect((await connectAgent('2001:db8:7::1', body.token)).status).toBe(101)
    expect((await connectAgent('2001:db8:7:1::1', guess(1))).status).toBe(401)
  })
})

describe('callers within one /64', () => {
  const call = async (address: string, headers: Record<string, string>) =>
    (await fetch(`${hub.url}/v1/agents`, { headers: { 'x-forwarded-for': address, ...headers } })).status

  it('share the limit of bad keys, which holds up no real key', async () => {
    const bad = { 'x-api-key': `pc_live_${'a'.repeat(26)}` }
    expect(await inTurn(4, async (index) => call(`2001:db8:8::${index}`, bad))).toEqual([401, 401, 401, 429])
    expect(await call('2001:db8:8::1', { 'x-api-key': hub.apiKey })).toBe(200)
    expect(await call('2001:db8:8:1::1', bad)).toBe(401)
  })

  it('share the limit of callers without credentials', async () => {
    const statuses = await inTurn(5, async (index) => call(`2001:db8:9::${index}`, {}))
    expect(statuses).toEqual([401, 401, 401, 401, 429])
    expect(await call('2001:db8:9:1::1', {})).toBe(401)
  })
})
