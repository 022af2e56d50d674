// Guarantee: the hub's own writers of tRPC's event streams and WebSockets say, byte for byte, what tRPC's adapters say; so tRPC's own client works unchanged, and goes on where it was cut.
import { once } from 'node:events'
import { appRouter, liveRouter, type AppRouter } from '@private-connect/api'
import { createTRPCClient, httpSubscriptionLink } from '@trpc/client'
import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { EventSource } from 'eventsource'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import superjson from 'superjson'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { addApiRequest, createContext } from '../src/plugins/api-request.ts'
import { startInnerHub, type InnerHub } from './kit/hub-in-process.ts'
import { shareDirectly, type CreatedShare } from './kit/share.ts'

let hub: InnerHub
/** The same operations behind tRPC's own adapter. */
let adapter: FastifyInstance
let adapterUrl: string
let share: CreatedShare

beforeAll(async () => {
  hub = await startInnerHub()
  share = await shareDirectly(hub, 9, 'wired')
  await hub.api('DELETE', `/v1/shares/${share.id}`)
  const { credentials, ports, trustsProxy } = hub.hub.deps
  adapter = Fastify({ genReqId: () => 'req_0' })
  const api = { credentials, ports, trustsProxy, hubUrl: hub.url }
  addApiRequest(adapter, api)
  await adapter.register(fastifyTRPCPlugin, {
    prefix: '/trpc',
    trpcOptions: {
      router: appRouter,
      createContext: ({ req }) => req.apiContext,
    } satisfies FastifyTRPCPluginOptions<AppRouter>['trpcOptions'],
  })
  applyWSSHandler({
    wss: new WebSocketServer({ server: adapter.server, path: '/trpc' }),
    router: liveRouter,
    createContext: ({ req: raw }) =>
      createContext({ raw, headers: raw.headers, method: 'GET', id: 'req_0' } as FastifyRequest, api),
  })
  adapterUrl = await adapter.listen({ port: 0, host: '127.0.0.1' })
}, 120_000)
afterAll(async () => {
  await adapter?.close()
  await hub?.remove()
})

interface Said {
  readonly text: string
  readonly headers: Readonly<Record<string, string | null>>
  readonly status: number
}

/** What a stream says up to the given text, or to its end; the ids of requests are never the same. */
async function listen(address: string, until: string | null, headers: Record<string, string>): Promise<Said> {
  const leaving = new AbortController()
  const answer = await fetch(address, { headers, signal: leaving.signal })
  const decoder = new TextDecoder()
  let text = ''
  for await (const piece of answer.body ?? []) {
    text += decoder.decode(piece as Uint8Array, { stream: true })
    if (until !== null && text.includes(until) && text.endsWith('\n\n\n')) break
  }
  leaving.abort()
  const names = ['content-type', 'x-accel-buffering', 'vary']
  return {
    text: text.replaceAll(/req_\w+/g, 'req_0'),
    headers: Object.fromEntries(names.map((name) => [name, answer.headers.get(name)])),
    status: answer.status,
  }
}

const inputOf = (input: object) => `input=${encodeURIComponent(JSON.stringify({ json: input }))}`

describe('an event stream of tRPC', () => {
  const key = () => ({ 'x-api-key': hub.apiKey })
  const both = async (path: string, until: string | null, headers: Record<string, string>) =>
    Promise.all([hub.url, adapterUrl].map(async (url) => listen(`${url}/trpc/${path}`, until, headers)))

  it.each([
    ['events, from the start', 'events.stream?' + inputOf({ lastEventId: '0' }), 'id: 2\n'],
    ['events after an id in the address', 'events.stream?lastEventId=1', 'id: 2\n'],
    ['one share’s events', 'events.stream?lastEventId=0&' + inputOf({}), 'id: 2\n'],
  ])('tells %s as tRPC’s adapter does', async (_what, path, until) => {
    const [ours, theirs] = await both(path, until, key())
    expect(ours).toEqual(theirs)
    expect(ours?.text).toMatch(/^event: connected\ndata: \{.*\}\n\n\ndata: \{.*\}\nid: \d+\n\n\n/)
  })

  it('goes on after the header, whatever the address says', async () => {
    const path = `events.stream?${inputOf({ lastEventId: '0' })}`
    const [ours, theirs] = await both(path, 'id: 2\n', { ...key(), 'last-event-id': '1' })
    expect(ours).toEqual(theirs)
    expect(ours?.text).not.toContain('id: 1\n')
  })

  it.each([
    ['strangers', 'events.stream', {}],
    ['keys that do not exist', 'events.stream', { 'x-api-key': `pc_live_${'a'.repeat(26)}` }],
    ['wrong input', `events.stream?${inputOf({ lastEventId: 'x' })}`, null],
    ['input that is no JSON', 'events.stream?input=%7B', null],
    ['other workspaces’ shares', `shares.activity?${inputOf({ shareId: 'share_other' })}`, null],
    ['fields that it has not', `agents.status?${inputOf({ shareId: 'share_other' })}`, null],
  ])('refuses %s as tRPC’s adapter does', async (_what, path, headers) => {
    const [ours, theirs] = await both(path, null, headers ?? key())
    expect(ours).toEqual(theirs)
    expect(ours?.text).toMatch(/^event: connected\n.*\n\n\nevent: serialized-error\ndata: /)
  })

  it('shows agents as tRPC’s adapter does', async () => {
    await hub.api('POST', '/v1/agents/register', { name: 'laptop' })
    const [ours, theirs] = await both('agents.status', 'laptop', key())
    expect(ours).toEqual(theirs)
    expect(ours?.text).toContain('"agentName":"laptop"')
  })

  it('leaves what is none to the adapter', async () => {
    for (const path of ['events.stream?batch=1', 'events.stream,events.stream?batch=1', 'events.nothing']) {
      const [ours, theirs] = await both(path, null, key())
      expect(ours?.status).toBe(theirs?.status)
      expect(ours?.text).toBe(theirs?.text)
    }
  })
})

it('tRPC’s client follows over it, and misses nothing when it is cut', async () => {
  const cuts: Array<() => void> = []
  const client = createTRPCClient<AppRouter>({
    links: [
      httpSubscriptionLink({
        url: `${hub.url}/trpc`,
        transformer: superjson,
        EventSource,
        eventSourceOptions: () => ({
          fetch: async (address, init) => {
            const cutting = new AbortController()
            // Not as an AbortError, by which the client itself leaves.
            cuts.push(() => cutting.abort(new Error('cut')))
            const headers = { ...init.headers, 'x-api-key': hub.apiKey }
            const signal = AbortSignal.any([cutting.signal, init.signal as AbortSignal])
            return fetch(address, { ...init, headers, signal })
          },
        }),
      }),
    ],
  })
  const seqs: number[] = []
  let startedCount = 0
  const subscription = client.events.stream.subscribe(
    { lastEventId: '0' },
    { onStarted: () => (startedCount += 1), onData: ({ data }) => seqs.push(data.seq) },
  )
  const make = async (name: string) => shareDirectly(hub, 9, name)
  await vi.waitFor(() => expect(seqs.length).toBeGreaterThan(1), { timeout: 10_000 })
  await make('while-it-follows')
  cuts.at(-1)?.()
  await make('while-it-is-away')
  await make('and-again')
  const { body } = await hub.api<{ events: { seq: number }[] }>('GET', '/v1/events')
  await vi.waitFor(() => expect(seqs).toEqual(body.events.map(({ seq }) => seq)), { timeout: 20_000 })
  expect(cuts.length).toBeGreaterThan(1)
  expect(startedCount).toBeGreaterThan(0)
  subscription.unsubscribe()
  await vi.waitFor(() => expect(hub.hub.deps.live.subscriptions.count).toBe(0), { timeout: 10_000 })
})

// The adapter of WebSockets is tRPC's own; what is told after a subscription's first event the hub writes itself.
describe('a WebSocket', () => {
  const open: WebSocket[] = []
  afterEach(() => {
    for (const socket of open.splice(0)) socket.terminate()
  })

  interface Heard {
    readonly socket: WebSocket
    readonly texts: string[]
  }

  async function connect(url: string, query = ''): Promise<Heard> {
    const address = `${url.replace('http', 'ws')}/trpc${query}`
    const socket = new WebSocket(address, { headers: { 'x-api-key': hub.apiKey } })
    open.push(socket)
    const texts: string[] = []
    socket.on('message', (data: Buffer, isBinary: boolean) =>
      texts.push(isBinary ? 'binary' : data.toString().replaceAll(/req_\w+/g, 'req_0')),
    )
    await once(socket, 'open')
    return { socket, texts }
  }

  const subscribing = (path: string, params: object = {}, head: object = { id: 1 }) =>
    JSON.stringify({ ...head, method: 'subscription', params: { path, input: { json: {} }, ...params } })
  const fromStart = subscribing('events.stream', { lastEventId: '0' })

  /** What both say to the same messages, each sent once the one before was answered so many times. */
  async function converse(steps: ReadonlyArray<readonly [says: string | (() => unknown), answers: number]>) {
    const both = [await connect(hub.url), await connect(adapterUrl)] as const
    let expected = 0
    for (const [says, answers] of steps) {
      if (typeof says === 'function') await says()
      else for (const { socket } of both) socket.send(says)
      expected += answers
      for (const { texts } of both) {
        await vi.waitFor(() => expect(texts.length).toBeGreaterThanOrEqual(expected), {
          timeout: 10_000,
        })
      }
    }
    const [ours, theirs] = both.map(({ texts }) => texts)
    expect(ours).toEqual(theirs)
    expect(ours).toHaveLength(expected)
    return ours ?? []
  }

  let shareCount = 0
  const makeShare = async () => shareDirectly(hub, 9, `told-${(shareCount += 1)}`)
  async function countEvents(): Promise<number> {
    const { body } = await hub.api<{ events: unknown[] }>('GET', '/v1/events')
    return body.events.length
  }

  it('tells all that was and all that comes as tRPC’s adapter does, byte for byte', async () => {
    const known = await countEvents()
    for (const head of [{ id: 1 }, { id: 'a"b\u2028', jsonrpc: '2.0' }]) {
      const before = await countEvents()
      const texts = await converse([
        [subscribing('events.stream', { lastEventId: '0' }, head), 1 + before],
        [makeShare, 1],
        [makeShare, 1],
        [JSON.stringify({ ...head, method: 'subscription.stop' }), 1],
        [makeShare, 0],
      ])
      expect(texts[1]).toContain(`"result":{"type":"data","data":{"json":{"id":"1","data":{`)
      expect(texts.at(-1)).toContain('"type":"stopped"')
    }
    expect(await countEvents()).toBe(known + 6)
  })

  it('shows agents as tRPC’s adapter does', async () => {
    await hub.api('POST', '/v1/agents/register', { name: 'desk' })
    const count = await hub.hub.store.db.client.agent.count()
    const texts = await converse([[subscribing('agents.status'), 1 + count]])
    expect(texts.at(-1)).toMatch(/^\{"id":1,"result":\{"type":"data","data":\{"json":\{"agentId":/)
  })

  it.each([
    ['wrong input', subscribing('events.stream', { input: { json: { lastEventId: 'x' } } })],
    ['input that is no object', subscribing('events.stream', { input: { json: 7 }, lastEventId: '1' })],
    ['fields that it has not', subscribing('agents.status', { input: { json: { shareId: 'share_other' } } })],
    ['what is not there', subscribing('events.nothing')],
    ['another kind of call', subscribing('events.stream').replace('subscription', 'query')],
    ['no id', subscribing('events.stream', {}, { id: null })],
    ['no JSON', '{'],
    ['no input', subscribing('events.stream', { input: undefined })],
  ])('refuses %s as tRPC’s adapter does', async (_what, message) => {
    const [text] = await converse([[message, 1]])
    expect(text).toContain('"error":')
  })

  it('answers pings, and refuses other workspaces’ shares, as tRPC’s adapter does', async () => {
    const input = { json: { shareId: 'share_other' } }
    // That has started by then, and stops after it is refused.
    const texts = await converse([
      ['PING', 1],
      [subscribing('shares.activity', { input }), 3],
    ])
    expect([texts[0], texts[2]]).toEqual(['PONG', expect.stringContaining('"code":"share.not_found"')])
  })

  it('carries several at once, and refuses an id that is taken', async () => {
    const before = await countEvents()
    const texts = await converse([
      [fromStart, 1 + before],
      [fromStart, 1],
      [subscribing('events.stream', {}, { id: 2 }), 1],
      [JSON.stringify({ id: 1, method: 'subscription.stop' }), 1],
      [makeShare, 1],
      [makeShare, 1],
      [JSON.stringify({ id: 3, method: 'query', params: { path: 'agents.list' } }), 1],
    ])
    expect(texts.filter((text) => /^\{"id":2,.*"data"/.test(text))).toHaveLength(2)
  })

  it('waits for connection parameters as tRPC’s adapter does', async () => {
    const both = [
      await connect(hub.url, '?connectionParams=1'),
      await connect(adapterUrl, '?connectionParams=1'),
    ]
    for (const { socket } of both) {
      socket.send(JSON.stringify({ method: 'connectionParams', data: { any: 'thing' } }))
      socket.send(subscribing('events.stream', { lastEventId: '1' }))
    }
    const before = await countEvents()
    for (const { texts } of both)
      await vi.waitFor(() => expect(texts).toHaveLength(before), { timeout: 10_000 })
    expect(both[0]?.texts).toEqual(both[1]?.texts)
  })

  it('goes through an event once for all', async () => {
    const all = [await connect(hub.url), await connect(hub.url), await connect(hub.url)]
    for (const { socket } of all) socket.send(subscribing('events.stream'))
    const hearEach = async (count: number) => {
      for (const { texts } of all)
        await vi.waitFor(() => expect(texts).toHaveLength(count), { timeout: 10_000 })
    }
    await hearEach(1)
    await vi.waitFor(() => expect(hub.hub.deps.live.subscriptions.count).toBe(3), { timeout: 10_000 })
    await makeShare()
    await hearEach(2)
    const serialize = vi.spyOn(liveRouter._def._config.transformer.output, 'serialize')
    await makeShare()
    await hearEach(3)
    expect(serialize).toHaveBeenCalledTimes(1)
    serialize.mockRestore()
  })
})
