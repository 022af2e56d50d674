// Guarantee (WHK-07, SSRF-04, SSRF-09): one attempt is one exchange of a bounded time and size, on a connection of its
// own, past proxies of the environment; redirects are not followed, certificates verify, nothing is decoded.
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:https'
import { connect, createServer, type AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostDelivery, type OutgoingDelivery, type PostAnswer } from '../src/webhooks/post-delivery.ts'
import { issueCertificate, type IssuedCertificate } from './kit/authority.ts'
import { makeTemporaryFolder } from './kit/processes.ts'
import { startWebhookReceiver, type WebhookReceiver } from './kit/webhook-receiver.ts'

const timeoutMs = 1500
const folder = makeTemporaryFolder()
let receiver: WebhookReceiver
let patient: WebhookReceiver
let slowAnswers: Promise<PostAnswer>[]
let issued: IssuedCertificate

beforeAll(async () => {
  receiver = await startWebhookReceiver()
  patient = await startWebhookReceiver()
  patient.answer = async (response, { path }) => {
    await wait(Number(path.slice(1)) * 1000, undefined, { ref: false })
    response.end()
  }
  // By the hub's own deadline, while the other tests run.
  const post = createPostDelivery({ dial: dialPort(patient.port) })
  slowAnswers = [14, 16].map((seconds) => post(deliveryTo(new URL(`/${seconds}`, patient.url).href)))
  issued = issueCertificate(folder.path, ['hooks.example.com'])
})
afterAll(async () => {
  await receiver.close()
  await patient.close()
  folder.remove()
})

const dialPort = (port: number) => async () => {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}
const deliveryTo = (url: string): OutgoingDelivery => ({
  workspaceId: 'ws_1',
  url,
  body: '{}',
  headers: { 'content-type': 'application/json', 'webhook-id': 'evt_1' },
  signal: new AbortController().signal,
})
const post = async (url: string, port: number, ca?: string) =>
  createPostDelivery({ dial: dialPort(port), timeoutMs, ...(ca === undefined ? {} : { ca }) })(
    deliveryTo(url),
  )
const postHere = async () => post(receiver.url, receiver.port)

describe('an answer', () => {
  it.each([200, 201, 204, 299])('of %i is taken', async (status) => {
    receiver.answer = status
    expect(await postHere()).toMatchObject({ statusCode: status, error: null })
  })

  it.each([301, 302, 307, 308])('of %i is a failure and not followed', async (status) => {
    const before = receiver.received.length
    receiver.answer = (response) =>
      void response.writeHead(status, { location: `${receiver.url}/elsewhere` }).end()
    expect((await postHere()).error).toContain('not followed')
    expect(receiver.received).toHaveLength(before + 1)
  })

  it.each([400, 404, 410, 500, 503])('of %i is a failure', async (status) => {
    receiver.answer = status
    expect(await postHere()).toMatchObject({ statusCode: status, error: `It answered ${status}.` })
  })

  it('is read for 4 KiB and not decoded', async () => {
    receiver.answer = async (response) => {
      response.writeHead(200, { 'content-encoding': 'br' })
      while (!response.destroyed) {
        response.write('x'.repeat(2048))
        await wait(5)
      }
    }
    const startMs = performance.now()
    expect(await postHere()).toMatchObject({ statusCode: 200, error: null })
    expect(performance.now() - startMs).toBeLessThan(timeoutMs)
  })

  it.each([
    ['late', async () => wait(timeoutMs * 2, undefined, { ref: false })],
    ['never', async () => undefined],
  ])('that comes %s is a failure in time', async (_, before) => {
    receiver.answer = async (response) => {
      await before()
      if (before.toString().includes('wait')) response.destroy()
    }
    const startMs = performance.now()
    expect(await postHere()).toMatchObject({
      statusCode: null,
      error: expect.stringContaining('1.5 seconds'),
    })
    expect(performance.now() - startMs).toBeLessThan(timeoutMs * 3)
  })

  it('that is a drip of bytes does not stretch the time', async () => {
    receiver.answer = async (response) => {
      response.writeHead(200)
      while (!response.destroyed) {
        response.write('x')
        await wait(100)
      }
    }
    expect((await postHere()).error).toContain('1.5 seconds')
  })
})

describe('an endpoint', () => {
  it('that says nothing, or closes, is a failure', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    const closing = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await Promise.all([silent, closing].map(async (one) => once(one, 'listening')))
    const portOf = (one: typeof silent) => (one.address() as AddressInfo).port
    expect((await post('http://x.example/', portOf(silent))).error).toContain('1.5 seconds')
    expect((await post('http://x.example/', portOf(closing))).error).toContain('connection failed')
    silent.close()
    closing.close()
  })

  it('has a certificate for its name by a known authority', async () => {
    const files = { key: readFileSync(issued.keyFile), cert: readFileSync(issued.certificateFile) }
    const server = createTlsServer(files, (_request, response) => response.end('ok')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    expect(await post('https://hooks.example.com/', port, issued.ca)).toMatchObject({
      statusCode: 200,
      error: null,
    })
    expect((await post('https://other.example.com/', port, issued.ca)).error).toContain('TLS')
    expect((await post('https://hooks.example.com/', port)).error).toContain('TLS')
    server.closeAllConnections()
    server.close()
  })

  it('is reached past whatever proxies the environment names', async () => {
    receiver.answer = 204
    const before = { ...process.env }
    const proxy = 'http://127.0.0.1:9'
    Object.assign(process.env, {
      HTTP_PROXY: proxy,
      HTTPS_PROXY: proxy,
      ALL_PROXY: proxy,
      NODE_USE_ENV_PROXY: '1',
    })
    try {
      expect((await postHere()).error).toBeNull()
    } finally {
      process.env = before
    }
  })
})

it('an answer after 14 seconds is taken, one after 16 is too late', { timeout: 60_000 }, async () => {
  expect(await Promise.all(slowAnswers)).toMatchObject([
    { statusCode: 200, error: null },
    { statusCode: null, error: 'It did not answer within 15 seconds.' },
  ])
})
