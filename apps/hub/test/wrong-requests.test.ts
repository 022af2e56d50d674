import { restOperations } from '@private-connect/api'
import type { Db } from '@private-connect/db'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { createBelongings, createOwner, openHubDb, type Belongings, type SignedIn } from './kit/tenants.ts'
import { wrongRequests, type WrongRequest } from './kit/wrong-requests.ts'

const requestsEach = 200
const atOnce = 20

// Guarantee (issue 3; DOS-07, TEN-04, KEY-07): 200 random wrong requests to each operation of a real hub (types, sizes,
// encodings, another workspace's ids) get a 4xx with a sentence: never a 500, a stack, or what another workspace has.
describe('random wrong requests', () => {
  let hub: TestHub
  let db: Db
  let owner: SignedIn
  let foreign: Belongings

  beforeAll(async () => {
    hub = await startTestHub({
      API_REQUESTS_PER_MIN: '1000000',
      ANONYMOUS_REQUESTS_PER_MIN: '1000000',
    })
    db = await openHubDb(hub)
    owner = await createOwner(db, 'owner@example.com', 'acme-corp')
    const stranger = await createOwner(db, 'stranger@example.com', 'stranger-corp')
    foreign = await createBelongings(hub, stranger.cookie)
  }, 120_000)
  afterAll(async () => {
    await db?.close()
    await hub?.remove()
  })

  /** What is wrong with the answer, or null. */
  async function findFault(request: WrongRequest): Promise<string | null> {
    const { method, path, headers, body } = request
    const response = await fetch(hub.url + path, {
      method,
      headers: { ...headers, cookie: owner.cookie },
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    const checks = {
      'no 4xx': Math.floor(response.status / 100) === 4,
      'no sentence': /"message":"[A-Z].{10,}/s.test(text),
      'a stack or a library': !/\bat \S+:\d+:\d+|node_modules|prisma|"stack"/i.test(text),
      'another workspace': !text.includes('stranger'),
      'too long': text.length < 20_000,
      'no limits': response.headers.has('x-ratelimit-remaining'),
    }
    const faults = Object.entries(checks).filter(([, isFine]) => !isFine)
    if (faults.length === 0) return null
    const sent = JSON.stringify({ ...request, body: String(body).slice(0, 500) })
    return `${faults.map(([name]) => name).join(', ')}: ${response.status} ${text.slice(0, 500)} to ${sent}`
  }

  it.each(restOperations.map((operation) => [operation.id, operation] as const))(
    '%s answers each with a 4xx and a sentence',
    async (_id, operation) => {
      const { agentId, serviceId, shareId, apiKeyId } = foreign
      const foreignIds = [agentId, serviceId, shareId, apiKeyId]
      const requests = fc.sample(wrongRequests(operation, { foreignIds }), requestsEach)
      const faults: (string | null)[] = []
      for (let at = 0; at < requests.length; at += atOnce) {
        faults.push(...(await Promise.all(requests.slice(at, at + atOnce).map(findFault))))
      }
      expect(faults.filter((fault) => fault !== null)).toEqual([])
    },
  )

  it('left what the other workspace has as it was, and wrote no failure into the log', async () => {
    const row = await db.client.share.findUniqueOrThrow({ where: { id: foreign.shareId } })
    expect(row).toMatchObject({ name: 'demo', revokedAt: null, deletedAt: null })
    const failures = hub.program.output.split('\n').filter((line) => line.includes('"level":"error"'))
    expect(failures).toEqual([])
  })
})
