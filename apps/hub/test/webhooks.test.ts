// Guarantee (SPEC §9, WHK-01, WHK-10, WHK-12, TOK-08): what happens on a hub is posted to its webhooks, in the documented
// body with an id and a signature that an independent library accepts; during a rotation both secrets sign; nothing
// that is sent or listed has a token, a cookie or a query string.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { connect, createServer as createForwarder, type AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startInnerHub, type InnerHub } from './kit/hub-in-process.ts'
import { shareDirectly } from './kit/share.ts'
import { startSmtpServer, type SmtpServer } from './kit/smtp-server.ts'
import { startWebhookReceiver, type WebhookReceiver } from './kit/webhook-receiver.ts'

let hub: InnerHub
let receiver: WebhookReceiver
let app: Server
let mailServer: SmtpServer
/** What the shared app was asked. */
const asked: IncomingMessage[] = []
let webhook: { id: string; secret: string }

interface Made {
  readonly webhook: { readonly id: string }
  readonly secret: string
}
interface Listed {
  readonly deliveries: readonly { readonly id: string; readonly status: string; readonly event: string }[]
}

beforeAll(async () => {
  app = createServer((request, response) => {
    asked.push(request)
    response.end('hello')
  }).listen(0, '127.0.0.1')
  await once(app, 'listening')
  receiver = await startWebhookReceiver()
  mailServer = await startSmtpServer()
  const mail = { SMTP_URL: mailServer.url, MAIL_FROM: 'hub@example.com' }
  hub = await startInnerHub({ API_REQUESTS_PER_MIN: '100000', ...mail })
  const made = await hub.api<Made>('POST', '/v1/webhooks', { url: receiver.url, description: 'team' })
  webhook = { id: made.body.webhook.id, secret: made.body.secret }
}, 120_000)
afterAll(async () => {
  await hub.remove()
  await receiver.close()
  await mailServer.close()
  app.close()
})
beforeEach(() => void receiver.received.splice(0))

const waitFor = async (event: string) =>
  vi.waitFor(
    () => {
      const found = receiver.received.find(({ body }) => body.includes(`"event":"${event}"`))
      if (found === undefined) throw new Error(`no ${event}`)
      return { ...found, json: JSON.parse(found.body) as Record<string, unknown> }
    },
    { timeout: 20_000, interval: 20 },
  )
const verify = (secret: string, { body, headers }: { body: string; headers: object }) =>
  new Webhook(secret).verify(body, headers as Record<string, string>)
const isVisitOf = (shareId: string, body: string) =>
  body.startsWith('{"event":"share.accessed"') && body.includes(shareId)
const sharePath = async () =>
  shareDirectly(hub, (app.address() as AddressInfo).port, `app-${Math.random().toString(36).slice(2)}`)

describe('a webhook of a hub', () => {
  it('is told of a share in the documented body, signed', async () => {
    const share = await sharePath()
    const got = await waitFor('share.created')
    expect(verify(webhook.secret, got)).toEqual(got.json)
    expect(got.json).toEqual({
      event: 'share.created',
      data: {
        shareId: share.id,
        shareName: expect.stringMatching(/^app-/),
        ipAddress: '127.0.0.1',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/),
      },
      id: got.headers['webhook-id'],
      seq: expect.any(Number),
    })
    expect(got.headers['webhook-id']).toMatch(/^evt_[0-9a-z]{26}$/)
    expect(got.headers).toMatchObject({
      'content-type': 'application/json',
      'private-connect-webhook': webhook.id,
      'user-agent': expect.stringMatching(/^Private-Connect-Webhooks\//),
    })
    expect(got.headers['webhook-timestamp']).toMatch(/^\d{10}$/)
  })

  it('is told of a visit without the visitor’s secrets, and lists show none', async () => {
    const share = await sharePath()
    const headers = { cookie: 'canary-cookie=1', authorization: 'Bearer canary-bearer' }
    await fetch(`${share.shareUrl}/path?canary=query`, { headers })
    const got = await waitFor('share.accessed')
    expect(verify(webhook.secret, got)).toMatchObject({
      event: 'share.accessed',
      data: { shareId: share.id, shareName: expect.any(String), ipAddress: '127.0.0.1' },
    })
    const sent = JSON.stringify(receiver.received)
    const listed = await hub.api<Listed>('GET', `/v1/webhooks/${webhook.id}/deliveries`)
    for (const secret of [share.token, share.token.slice(10), 'canary', webhook.secret, hub.apiKey]) {
      expect(sent).not.toContain(secret)
      expect(JSON.stringify(listed.body)).not.toContain(secret)
    }
    for (const { body } of receiver.received) expect(body.length).toBeLessThan(20_000)
  })

  it('is tried by its button, which fails once and says why', async () => {
    const test = async () => hub.api<{ delivery: { id: string } }>('POST', `/v1/webhooks/${webhook.id}/test`)
    const { delivery } = (await test()).body
    const got = await waitFor('webhook.test')
    expect(verify(webhook.secret, got)).toMatchObject({ event: 'webhook.test', seq: null })
    receiver.answer = 500
    const failed = (await test()).body.delivery
    receiver.received.splice(0)
    await vi.waitFor(
      async () => {
        const { body } = await hub.api<Listed>(
          'GET',
          `/v1/webhooks/${webhook.id}/deliveries?event=webhook.test`,
        )
        expect(body.deliveries).toMatchObject([
          {
            id: failed.id,
            status: 'exhausted',
            attemptCount: 1,
            lastStatusCode: 500,
            lastError: 'It answered 500.',
          },
          { id: delivery.id, status: 'delivered', attemptCount: 1, lastStatusCode: 204, lastError: null },
        ])
      },
      { timeout: 10_000 },
    )
    receiver.answer = 204
    const { body } = await hub.api<object>('GET', `/v1/webhooks/${webhook.id}`)
    expect(body).toMatchObject({ failingSince: null })
    receiver.received.splice(0)
    expect((await hub.api('POST', `/v1/webhooks/deliveries/${failed.id}/redeliver`)).status).toBe(200)
    expect((await waitFor('webhook.test')).json).toMatchObject({ id: expect.stringMatching(/^evt_/) })
  })

  it('is signed by both secrets after a rotation', async () => {
    const { body } = await hub.api<Made>('POST', `/v1/webhooks/${webhook.id}/rotate-secret`)
    await hub.api('POST', `/v1/webhooks/${webhook.id}/test`)
    const got = await waitFor('webhook.test')
    for (const secret of [webhook.secret, body.secret]) expect(verify(secret, got)).toEqual(got.json)
    expect(String(got.headers['webhook-signature']).split(' ')).toHaveLength(2)
    const changed = { ...got, body: got.body.replace('webhook.test', 'webhook.fake') }
    expect(() => verify(body.secret, changed)).toThrow('signature')
    webhook = { ...webhook, secret: body.secret }
  })

  it('may not be the hub itself, nor lead there (SSRF-06)', async () => {
    const urls = [
      `${hub.url}/v1/webhooks`,
      `http://localhost:${hub.port}/`,
      `http://127.1:${hub.port}/metrics`,
    ]
    for (const url of urls) expect((await hub.api('POST', '/v1/webhooks', { url })).status).toBe(400)
  })

  it('that leads to a share of the hub by another way is marked, and does not feed itself (SSRF-06)', async () => {
    const forwarder = createForwarder((socket) => {
      const onward = connect(hub.port, '127.0.0.1')
      for (const end of [socket, onward]) end.on('error', () => undefined)
      socket.pipe(onward).pipe(socket)
    }).listen(0, '127.0.0.1')
    await once(forwarder, 'listening')
    const share = await sharePath()
    const url = `http://127.0.0.1:${(forwarder.address() as AddressInfo).port}/shared/${share.token}/hook`
    const made = await hub.api<Made>('POST', '/v1/webhooks', { url, events: ['share.accessed'] })
    asked.splice(0)
    await fetch(share.shareUrl)
    // The visit, and the webhook’s own first one, of which it is told too.
    await vi.waitFor(() => expect(asked).toHaveLength(3), { timeout: 20_000 })
    const [visit, ...posts] = asked.map(({ method, headers }) => [method, headers['private-connect-webhook']])
    const marked = ['POST', made.body.webhook.id]
    expect([visit, posts]).toEqual([
      ['GET', undefined],
      [marked, marked],
    ])
    for (const other of [await sharePath(), await sharePath()]) {
      await fetch(other.shareUrl)
      await vi.waitFor(
        () => expect(receiver.received.some(({ body }) => isVisitOf(other.id, body))).toBe(true),
        { timeout: 20_000 },
      )
    }
    expect(receiver.received.filter(({ body }) => isVisitOf(share.id, body))).toHaveLength(2)
    await hub.api('DELETE', `/v1/webhooks/${made.body.webhook.id}`)
    forwarder.close()
  })

  it('that is gone is disabled, and its owners are told by mail (WHK-04)', async () => {
    const gone = await startWebhookReceiver()
    gone.answer = 410
    const made = await hub.api<Made>('POST', '/v1/webhooks', { url: `${gone.url}/canary-path` })
    await sharePath()
    const { mail } = await mailServer.waitForMail('owner@localhost')
    expect(mail.subject).toContain('disabled')
    expect(mail.text).toContain(`127.0.0.1:${gone.port}`)
    expect(`${mail.text} ${mail.html}`).not.toMatch(/canary|whsec_/)
    const { body } = await hub.api<object>('GET', `/v1/webhooks/${made.body.webhook.id}`)
    expect(body).toMatchObject({ isEnabled: false, disabledReason: 'gone' })
    await gone.close()
  })
})

it('a mail alert that a workspace has turned on reaches its owners', async () => {
  const { db } = hub.hub.store
  const share = await sharePath()
  const hourMs = 3_600_000
  const data = {
    createdAt: new Date(Date.now() - 48 * hourMs),
    expiresAt: new Date(Date.now() + 20 * hourMs),
  }
  await db.client.share.update({ where: { id: share.id }, data })
  await hub.hub.deps.mailAlerts.look()
  await hub.api('PATCH', '/v1/workspace', { mailAlerts: { shareExpiring: true } })
  await hub.hub.deps.mailAlerts.look()
  const { mail } = await mailServer.waitForMail('owner@localhost')
  expect(mail.subject).toMatch(/^Share ends soon: app-/)
  expect(`${mail.text} ${mail.html}`).not.toMatch(/share_tok_/)
})
