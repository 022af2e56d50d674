// Guarantee (OPS-01, OPS-03, OPS-04, REL-02): a hub that is told to stop says so to load balancers first, breaks no answer
// that has begun, loses no record, cuts what takes too long so that it can be seen to be cut, and ends with 0; a second
// signal ends it at once.
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createRestCaller, startHub, startTestHub, type TestHub } from './kit/hub.ts'
import { shareDirectly, type CreatedShare } from './kit/share.ts'

let app: Server
let appPort: number
let hub: TestHub
let share: CreatedShare
let received = 0
const open: ServerResponse[] = []

beforeAll(async () => {
  app = createServer((request, response) => {
    if (request.url === '/open') open.push(response.writeHead(200, { 'content-length': 1000 }))
    else void answer(response)
  }).listen(0, '127.0.0.1')
  await once(app, 'listening')
  appPort = (app.address() as AddressInfo).port
})
afterAll(() => {
  app?.closeAllConnections()
  app?.close()
})
afterEach(async () => {
  open.length = 0
  received = 0
  await hub?.remove()
})

async function answer(response: ServerResponse): Promise<void> {
  received += 1
  response.write('who')
  await wait(20 + (received % 10) * 20)
  response.end('le')
}

async function start(settings: Record<string, string>): Promise<void> {
  hub = await startTestHub({ SHARE_REQUESTS_PER_MIN: '1000000', ...settings })
  share = await shareDirectly(hub, appPort)
}

/** A visit on a connection of its own: its text, or whether it ended before or after its answer began. */
async function visit(path = '/'): Promise<string> {
  return new Promise((resolve) => {
    let hasBegun = false
    get(share.shareUrl + path, { agent: false }, (response: IncomingMessage) => {
      hasBegun = true
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.once('end', () => resolve(`${response.statusCode} ${text}`))
      response.once('error', () => resolve('broken'))
    }).once('error', () => resolve(hasBegun ? 'broken' : 'refused'))
  })
}

/** Records of the share, counted by the next hub on the same data. */
async function countRecords(): Promise<number> {
  const again = await startHub(hub.dataDir)
  const { body } = await createRestCaller(again.url, hub.apiKey)<{ accessCount: number }>(
    'GET',
    `/v1/shares/${share.id}`,
  )
  await again.program.stop()
  return body.accessCount
}

describe('SIGTERM', () => {
  it('under load breaks no answer and loses no record', { timeout: 60_000 }, async () => {
    await start({})
    const outcomes: string[] = []
    const visitor = async () => {
      for (let last = ''; last !== 'refused'; outcomes.push(last)) last = await visit()
    }
    const visitors = Array.from({ length: 30 }, visitor)
    await vi.waitFor(() => expect(outcomes.length).toBeGreaterThan(100), { timeout: 30_000 })
    expect(await hub.program.stop('SIGTERM')).toBe(0)
    await Promise.all(visitors)
    expect(new Set(outcomes)).toEqual(new Set(['200 whole', 'refused']))
    const whole = outcomes.filter((outcome) => outcome !== 'refused').length
    expect(received).toBe(whole)
    expect(await countRecords()).toBe(whole)
  })

  it('is told to load balancers first, then cuts what does not end', { timeout: 60_000 }, async () => {
    await start({ READY_DELAY_SECONDS: '2', DRAIN_TIMEOUT_SECONDS: '1' })
    const endless = visit('/open')
    await vi.waitFor(() => expect(open).toHaveLength(1), { timeout: 10_000 })
    open[0]?.write('x')
    const stopped = hub.program.stop('SIGTERM')
    const sentAtMs = performance.now()
    await vi.waitFor(async () => expect((await fetch(`${hub.url}/readyz`)).status).toBe(503), {
      timeout: 10_000,
    })
    const served = await fetch(share.shareUrl)
    expect([served.status, served.headers.get('connection'), await served.text()]).toEqual([
      200,
      'close',
      'whole',
    ])
    expect((await fetch(`${hub.url}/livez`)).status).toBe(200)
    expect((await fetch(`${hub.url}/health`).then((answer) => answer.json())) as object).toMatchObject({
      warnings: expect.arrayContaining(['draining']) as string[],
    })
    expect(await stopped).toBe(0)
    expect(performance.now() - sentAtMs).toBeGreaterThan(2900)
    expect(await endless).toBe('broken')
    expect(await countRecords()).toBe(2)
  })

  it('twice ends it at once, with its records written', { timeout: 60_000 }, async () => {
    await start({})
    for (let count = 0; count < 20; count += 1) await visit()
    const endless = visit('/open')
    await vi.waitFor(() => expect(open).toHaveLength(1), { timeout: 10_000 })
    open[0]?.write('x')
    const stopped = hub.program.stop('SIGTERM')
    await hub.program.waitFor(/"msg":"stopping"/)
    const sentAtMs = performance.now()
    hub.program.child.kill('SIGTERM')
    expect(await stopped).toBe(1)
    expect(performance.now() - sentAtMs).toBeLessThan(5000)
    expect(await endless).toBe('broken')
    expect(await countRecords()).toBeGreaterThanOrEqual(20)
  })
})
