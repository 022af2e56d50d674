// Guarantee (DOS-04): whoever holds connections open by sending or reading slowly, hundreds at a time, holds up nobody
// else: visitors of another share are answered as ever. The attacker is Debian's slowhttptest, in its four forms.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'

/** Ten times the promise of 100 ms. */
const p99MaxMs = 1_000
const connections = 500
const seconds = 6

let hub: TestHub
let app: Server
let attacked: string
let other: string

beforeAll(async () => {
  hub = await startTestHub({ ALLOW_PRIVATE_TARGETS: '127.0.0.0/8', SHARE_REQUESTS_PER_MIN: '1000000' })
  const body = Buffer.alloc(1024 * 1024, 'x')
  app = createServer((request, response) => {
    if (request.method === 'POST') request.resume().on('end', () => response.end('ok'))
    else response.end(request.url?.includes('large') === true ? body : 'ok')
  })
  await new Promise<void>((done) => app.listen(0, '127.0.0.1', done))
  ;[attacked, other] = [await createShare('attacked'), await createShare('other')]
}, 120_000)
afterAll(async () => {
  app.closeAllConnections()
  app.close()
  await hub.remove()
})

async function createShare(name: string): Promise<string> {
  const { body } = await hub.api<{ service: { id: string } }>('POST', '/v1/services/external', {
    name,
    targetHost: '127.0.0.1',
    targetPort: (app.address() as AddressInfo).port,
  })
  const created = await hub.api<{ share: { token: string } }>(
    'POST',
    `/v1/services/${body.service.id}/shares`,
    {
      name,
    },
  )
  return `${hub.url}/shared/${created.body.share.token}`
}

/** Asks for something small every few milliseconds until `over` resolves; how long each answer took. */
async function visitUntil(over: Promise<unknown>): Promise<number[]> {
  const state = { isOver: false }
  void over.finally(() => (state.isOver = true))
  const tookMs: number[] = []
  while (!state.isOver) {
    const startMs = performance.now()
    const response = await fetch(`${other}/small`)
    expect([response.status, await response.text()]).toEqual([200, 'ok'])
    tookMs.push(performance.now() - startMs)
    await wait(5)
  }
  return tookMs
}

const forms: readonly (readonly [string, readonly string[], string])[] = [
  ['slow heads', ['-H', '-i', '1'], 'small'],
  ['slow bodies', ['-B', '-i', '1', '-s', '8192', '-t', 'POST'], 'small'],
  ['slow reading', ['-X', '-w', '1', '-y', '16', '-z', '8', '-n', '1', '-k', '3'], 'large'],
  ['many ranges', ['-R', '-a', '1', '-b', '3000'], 'large'],
]

it.each(forms)('%s stop nobody else', { timeout: 90_000 }, async (_name, flags, path) => {
  const args = [...flags, '-c', String(connections), '-r', '250', '-l', String(seconds), '-p', '3']
  const attack = spawn('slowhttptest', [...args, '-u', `${attacked}/${path}`], { stdio: 'ignore' })
  const tookMs = await visitUntil(once(attack, 'exit'))
  tookMs.sort((a, b) => a - b)
  expect(tookMs.length).toBeGreaterThan(50)
  expect(tookMs[Math.floor(tookMs.length * 0.99)]).toBeLessThan(p99MaxMs)
  // And the hub has not given up on the attacked share either.
  expect((await fetch(`${hub.url}/livez`)).status).toBe(200)
})
