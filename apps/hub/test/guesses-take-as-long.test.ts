// Guarantee (TOK-04): how long a look-up takes does not tell how much of a guessed token is right. There is no checksum:
// what has a token's form is looked up by its hash.
import { createHash } from 'node:crypto'
import { mintToken } from '@private-connect/api'
import { findShareGrantByTokenHash } from '@private-connect/db'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createShareCache } from '../src/shares/share-cache.ts'
import { startInnerHub, type InnerHub } from './kit/hub-in-process.ts'

const pairs = 1500
let inner: InnerHub
let token: string

beforeAll(async () => {
  inner = await startInnerHub()
  const target = { name: 'web', targetHost: '127.0.0.1', targetPort: 9 }
  const made = await inner.api<{ service: { id: string } }>('POST', '/v1/services/external', target)
  const path = `/v1/services/${made.body.service.id}/shares`
  const { body } = await inner.api<{ share: { token: string } }>('POST', path, { name: 'demo' })
  ;({ token } = body.share)
}, 120_000)
afterAll(() => inner?.remove())

/** The visitors' look-up on the hub's own database; each time anew, as nothing that is not found is kept. */
function createLookUp() {
  return createShareCache({
    load: async (tokenHash) => findShareGrantByTokenHash(inner.hub.store.db, tokenHash),
    nowMs: () => Date.now(),
  }).find
}

const wrongLastChar = () => {
  const last = token.slice(-1)
  const others = [...'abcdefghijklmnopqrstuvwxyz234567'].filter((one) => one !== last)
  return token.slice(0, -1) + (others[Math.floor(Math.random() * others.length)] ?? '')
}

async function measure(guess: string): Promise<number> {
  const find = createLookUp()
  const startedNs = process.hrtime.bigint()
  await find(guess)
  return Number(process.hrtime.bigint() - startedNs)
}

/** Two kinds of guesses in random turns, so that the machine's other load hits both alike; the slowest tenth is its load. */
async function sample(left: () => string, right: () => string): Promise<[number[], number[]]> {
  const times: [number[], number[]] = [[], []]
  for (let pair = 0; pair < pairs; pair += 1) {
    const order = Math.random() < 0.5 ? [0, 1] : [1, 0]
    for (const side of order) times[side === 0 ? 0 : 1].push(await measure(side === 0 ? left() : right()))
  }
  const limit = times.flat().sort((a, b) => a - b)[Math.floor(pairs * 2 * 0.9)] ?? 0
  return [times[0].filter((time) => time <= limit), times[1].filter((time) => time <= limit)]
}

function welchT([a, b]: readonly [number[], number[]]): number {
  const [left, right] = [describeSample(a), describeSample(b)]
  return Math.abs(left.mean - right.mean) / Math.sqrt(left.variance / a.length + right.variance / b.length)
}

function describeSample(times: readonly number[]): { mean: number; variance: number } {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length
  const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / (times.length - 1)
  return { mean, variance }
}

it(
  'the same for a token that exists nowhere and one of which only the last character is wrong',
  { timeout: 120_000 },
  async () => {
    // Until the code is compiled and the connections are open.
    for (let count = 0; count < 200; count += 1) await measure(mintToken('share'))
    const times = await sample(() => mintToken('share'), wrongLastChar)
    expect(times[0].length + times[1].length).toBeGreaterThan(pairs * 1.7)
    expect(welchT(times)).toBeLessThan(4.5)
  },
)

it('no part of a token is looked up, only its hash as a whole', () => {
  const hashOf = (text: string) => createHash('sha256').update(text).digest()
  const [right, wrong] = [hashOf(token), hashOf(wrongLastChar())]
  const alike = right.filter((byte, at) => byte === wrong[at]).length
  expect(alike).toBeLessThan(8)
})
