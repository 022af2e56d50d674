import type { AppRouter } from '@private-connect/api'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import superjson from 'superjson'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createOwnerSignIn } from '../src/sign-in/local-owner.ts'
import { startInnerHub, type InnerHub } from './kit/hub-in-process.ts'
import { shareDirectly } from './kit/share.ts'
import { listenTo, subscribe, type Listener } from './kit/subscribe.ts'

/** The promise; checks of the store come twice as often. */
const cutWithinMs = 1000

// Guarantee (REV-13, REV-14, WS-07): a subscription ends within a second of the credential that it began with, another
// site's page cannot begin one, and a hub that stops sends its subscribers elsewhere.
describe('subscriptions end', () => {
  let hub: InnerHub
  let cookie: string

  beforeAll(async () => {
    hub = await startInnerHub()
    const path = `/v1/auth/verify?token=${hub.signInToken}`
    const verified = await fetch(hub.url + path, { headers: { 'sec-fetch-site': 'same-origin' } })
    cookie =
      verified.headers
        .getSetCookie()
        .find((one) => one.startsWith('session='))
        ?.split(';')[0] ?? ''
    if (!cookie.startsWith('session=sess_'))
      throw new Error(`The owner could not sign in: ${verified.status}`)
  }, 120_000)
  afterAll(async () => hub?.remove())

  const asOwner = () => ({ cookie, 'sec-fetch-site': 'same-origin' })

  async function makeKey(): Promise<{ id: string; key: string }> {
    const answer = await fetch(`${hub.url}/v1/api-keys`, {
      method: 'POST',
      headers: { ...asOwner(), 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'subscriber' }),
    })
    const body = (await answer.json()) as { id: string; key: string; apiKey?: { id: string; key: string } }
    return body.apiKey ?? body
  }

  async function expectEnd(listener: Listener, code: string, startedMs: number): Promise<void> {
    await listener.ended
    expect(performance.now() - startedMs).toBeLessThan(cutWithinMs)
    const { event, data } = listener.heard.at(-1) ?? {}
    expect([event, (data as { json: { data: { code: string } } }).json.data.code]).toEqual([
      'serialized-error',
      code,
    ])
  }

  it('with the revoke of a key, and with its restriction to other addresses', async () => {
    const [revoked, restricted, kept] = [await makeKey(), await makeKey(), await makeKey()]
    const listen = async ({ key }: { key: string }) =>
      subscribe(hub.url, { 'x-api-key': key }, ['events.stream'])
    const listeners = [await listen(revoked), await listen(restricted), await listen(kept)] as const
    let startedMs = performance.now()
    await fetch(`${hub.url}/v1/api-keys/${revoked.id}`, { method: 'DELETE', headers: asOwner() })
    await expectEnd(listeners[0], 'auth.invalid', startedMs)
    startedMs = performance.now()
    const answer = await fetch(`${hub.url}/v1/api-keys/${restricted.id}/ip-restrictions`, {
      method: 'PUT',
      headers: { ...asOwner(), 'content-type': 'application/json' },
      body: JSON.stringify({ allowedIpRanges: ['198.51.100.0/24'] }),
    })
    expect(answer.status).toBe(200)
    await expectEnd(listeners[1], 'auth.ip_not_allowed', startedMs)
    expect(listeners[2].heard).toEqual([])
    expect(hub.hub.deps.live.subscriptions.count).toBe(1)
    listeners[2].close()
  })

  it('with the end of a key that another node or nobody told of', async () => {
    const { id, key } = await makeKey()
    const listener = await subscribe(hub.url, { 'x-api-key': key }, ['events.stream'])
    const startedMs = performance.now()
    await hub.hub.store.db.client.apiKey.update({ where: { id }, data: { revokedAt: new Date() } })
    await expectEnd(listener, 'auth.invalid', startedMs)
    expect(hub.hub.deps.live.subscriptions.count).toBe(0)
  })

  function openSocket(headers: Readonly<Record<string, string>>): Promise<number> {
    const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/trpc`, { headers })
    return new Promise((resolve) => {
      socket.on('unexpected-response', (_request, response) => {
        resolve(response.statusCode ?? 0)
        response.resume()
      })
      socket.on('error', () => {})
      socket.on('open', () => {
        resolve(101)
        socket.close()
      })
    })
  }

  it('WebSockets are refused to other sites’ pages, and to a cookie without an origin', async () => {
    const { key } = await makeKey()
    const own = { origin: hub.url }
    expect(await openSocket({ ...own, cookie })).toBe(101)
    expect(await openSocket({ 'x-api-key': key })).toBe(101)
    for (const origin of [
      'https://evil.example',
      'null',
      `${hub.url}.evil.example`,
      hub.url.replace('http', 'https'),
    ]) {
      expect(await openSocket({ origin, cookie })).toBe(403)
      expect(await openSocket({ origin, 'x-api-key': key })).toBe(403)
    }
    expect(await openSocket({ cookie })).toBe(403)
    expect(await openSocket(own)).toBe(401)
    expect(await openSocket({ ...own, 'x-api-key': `pc_live_${'a'.repeat(26)}` })).toBe(401)
  })

  /** tRPC's own client, with what Node's WebSocket cannot send. */
  function connect(headers: Readonly<Record<string, string>>) {
    const socket = createWSClient({
      url: `${hub.url.replace('http', 'ws')}/trpc`,
      WebSocket: class extends WebSocket {
        constructor(url: string) {
          super(url, { headers })
        }
      } as unknown as typeof globalThis.WebSocket,
      retryDelayMs: () => 50,
    })
    const client = createTRPCClient<AppRouter>({
      links: [wsLink({ client: socket, transformer: superjson })],
    })
    return { client, close: async () => socket.close() }
  }

  it('over WebSocket too, where nothing but subscriptions is answered', async () => {
    const { id, key } = await makeKey()
    const { client, close } = connect({ 'x-api-key': key })
    const [seqs, errors]: [number[], string[]] = [[], []]
    let isStarted = false
    client.events.stream.subscribe(undefined, {
      onStarted: () => (isStarted = true),
      onData: ({ data }) => seqs.push(data.seq),
      onError: (error) => errors.push(String(error.data?.code)),
    })
    await vi.waitFor(() => expect(isStarted).toBe(true), { timeout: 10_000 })
    await expect(client.agents.list.query({})).rejects.toMatchObject({ data: { code: 'route.not_found' } })
    await shareDirectly(hub, 9, 'by-socket')
    await vi.waitFor(() => expect(seqs).toHaveLength(1), { timeout: cutWithinMs })
    const startedMs = performance.now()
    await fetch(`${hub.url}/v1/api-keys/${id}`, { method: 'DELETE', headers: asOwner() })
    await vi.waitFor(() => expect(errors).toEqual(['auth.invalid']), { timeout: cutWithinMs, interval: 5 })
    expect(performance.now() - startedMs).toBeLessThan(cutWithinMs)
    await close()
  })

  it('with the end of all other sessions, over every way', async () => {
    const signInToken = await createOwnerSignIn(hub.hub.store.db)
    const verified = await fetch(`${hub.url}/v1/auth/verify?token=${signInToken}`, {
      headers: { 'sec-fetch-site': 'same-origin' },
    })
    const token = /session=(sess_\w+)/.exec(verified.headers.getSetCookie().join())?.[1] ?? ''
    const bearer = { authorization: `Bearer ${token}` }
    const byTrpc = await subscribe(hub.url, bearer, ['events.stream'])
    const byRest = await listenTo(`${hub.url}/v1/events/stream`, bearer)
    const { client, close } = connect(bearer)
    const errors: string[] = []
    let isStarted = false
    client.events.stream.subscribe(undefined, {
      onStarted: () => (isStarted = true),
      onError: (error) => errors.push(String(error.data?.code)),
    })
    await vi.waitFor(() => expect(isStarted).toBe(true), { timeout: 10_000 })
    const startedMs = performance.now()
    const answer = await fetch(`${hub.url}/v1/sessions`, { method: 'DELETE', headers: asOwner() })
    expect([answer.status, await answer.json()]).toMatchObject([200, { endedCount: 1 }])
    await expectEnd(byTrpc, 'auth.invalid', startedMs)
    await byRest.ended
    await vi.waitFor(() => expect(errors).toEqual(['auth.invalid']), { timeout: cutWithinMs, interval: 5 })
    expect(performance.now() - startedMs).toBeLessThan(cutWithinMs)
    expect(byRest.heard).toMatchObject([{ event: 'end', data: { code: 'auth.invalid' } }])
    await close()
  })

  it('with the sign-out of a session', async () => {
    const listener = await subscribe(hub.url, asOwner(), ['events.stream'])
    const startedMs = performance.now()
    const answer = await fetch(`${hub.url}/v1/auth/logout`, { method: 'POST', headers: asOwner() })
    expect(answer.status).toBe(200)
    await expectEnd(listener, 'auth.invalid', startedMs)
  })
})
