// Guarantee: the hub's own writer of tRPC's event streams says, byte for byte, what tRPC's adapter says, and its
// WebSockets too; so tRPC's own client works unchanged, and goes on where it was cut.
import { appRouter, liveRouter, type AppRouter } from '@private-connect/api'
import { createTRPCClient, httpSubscriptionLink } from '@trpc/client'
import { transformTRPCResponse } from '@trpc/server'
import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify'
import { jsonEncoder } from '@trpc/server/adapters/ws'
import { EventSource } from 'eventsource'
import Fastify, { type FastifyInstance } from 'fastify'
import superjson from 'superjson'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { socketEncoder, socketRouter } from '../src/events/socket-messages.ts'
import { addApiRequest } from '../src/plugins/api-request.ts'
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
  addApiRequest(adapter, { credentials, ports, trustsProxy, hubUrl: hub.url })
  await adapter.register(fastifyTRPCPlugin, {
    prefix: '/trpc',
    trpcOptions: {
      router: appRouter,
      createContext: ({ req }) => req.apiContext,
    } satisfies FastifyTRPCPluginOptions<AppRouter>['trpcOptions'],
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

// The adapter of WebSockets is tRPC's: here are its two seams.
describe('a message to a WebSocket', () => {
  const event = { seq: 7, type: 'share.created', note: 'ä "quoted" \u2028', nothing: null }
  const results = [
    { type: 'data', id: '7', data: { id: '7', data: event } },
    { type: 'data', data: { agentId: 'agent_1', isOnline: true } },
    { type: 'data', data: { id: 'x', data: 'text' } },
    { type: 'data', data: undefined },
    { type: 'started' },
    { type: 'stopped' },
  ]

  it.each(results)('is as tRPC writes it: %j', (result) => {
    for (const head of [{ id: 1 }, { id: 'a"b', jsonrpc: '2.0' as const }, { id: 2, jsonrpc: undefined }]) {
      const message = { ...head, result } as never
      const theirs = jsonEncoder.encode(transformTRPCResponse(liveRouter._def._config, message))
      for (let times = 0; times < 2; times += 1) {
        const ours = socketEncoder.encode(transformTRPCResponse(socketRouter._def._config, message))
        expect(JSON.parse(String(ours))).toEqual(JSON.parse(String(theirs)))
      }
    }
  })

  it('goes through an event once for all', () => {
    const readEvent = vi.fn(() => 7)
    const told = Object.defineProperty({}, 'seq', { get: readEvent, enumerable: true })
    for (let id = 1; id <= 5; id += 1) {
      const message = { id, result: { type: 'data', id: '7', data: { id: '7', data: told } } } as never
      socketEncoder.encode(transformTRPCResponse(socketRouter._def._config, message))
    }
    const count = readEvent.mock.calls.length
    expect(count).toBeGreaterThan(0)
    const message = { id: 9, result: { type: 'data', id: '7', data: { id: '7', data: told } } } as never
    socketEncoder.encode(transformTRPCResponse(socketRouter._def._config, message))
    expect(readEvent).toHaveBeenCalledTimes(count)
  })
})
