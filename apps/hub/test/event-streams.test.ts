// Guarantee (SPEC §9): any client of server-sent events follows a workspace with a key and goes on from where it was;
// and a reader that has stalled, whichever way it came, costs a bounded piece of memory and delays nobody.
import { subscribe as onChannel, unsubscribe as offChannel } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { appendEvents, type EventRow } from '@private-connect/db'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { startEventRetention } from '../src/events/event-retention.ts'
import { createOwnerApiKey } from '../src/sign-in/local-owner.ts'
import { startInnerHub, type InnerHub } from './kit/hub-in-process.ts'
import { shareDirectly, type CreatedShare } from './kit/share.ts'
import { listenTo, subscribe, type Heard, type Listener } from './kit/subscribe.ts'
import { createOwner } from './kit/tenants.ts'

let hub: InnerHub
let share: CreatedShare
let other: CreatedShare
let workspaceId: string
/** The hub's end of each connection. */
const sockets: Socket[] = []
const noteSocket = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket)
const hangUp = (message: unknown): void => void (message as { socket: Socket }).socket.destroy()

beforeAll(async () => {
  onChannel('net.server.socket', noteSocket)
  hub = await startInnerHub({ SUBSCRIPTIONS_MAX: '5', WORKSPACE_SUBSCRIPTIONS_MAX: '7' })
  share = await shareDirectly(hub, 9, 'one')
  other = await shareDirectly(hub, 9, 'other')
  workspaceId = (await hub.api<{ id: string }>('GET', '/v1/workspace')).body.id
}, 120_000)
afterAll(async () => {
  offChannel('net.server.socket', noteSocket)
  await hub?.remove()
})
beforeEach(async () => vi.waitUntil(() => hub.hub.deps.live.subscriptions.count === 0, { timeout: 10_000 }))

const address = (query = '') => `${hub.url}/v1/events/stream${query}`
const key = () => ({ 'x-api-key': hub.apiKey })
const seqsOf = (heard: readonly Heard[]) => heard.map(({ data }) => (data as EventRow).seq)

async function tell(count: number, data: Readonly<Record<string, string>> = {}): Promise<readonly number[]> {
  const one = { workspaceId, type: 'share.revoked', shareId: share.id } as const
  const rows = await appendEvents(
    hub.hub.store.db,
    Array.from({ length: count }, () => ({
      ...one,
      data: { shareId: share.id, shareName: 'one', ...data },
    })),
  )
  hub.hub.deps.bus.publish('events.appended', workspaceId)
  return rows.map(({ seq }) => seq)
}

describe('GET /v1/events/stream', () => {
  it('gives every event as the list does, with its number as its id', async () => {
    const listener = await listenTo(address('?lastEventId=0'), key())
    const { body } = await hub.api<{ events: { seq: number }[] }>('GET', '/v1/events')
    await vi.waitFor(() => expect(listener.heard.map(({ data }) => data)).toEqual(body.events), {
      timeout: 10_000,
    })
    expect(listener.heard.map(({ id }) => id)).toEqual(body.events.map(({ seq }) => String(seq)))
    const told = await tell(1)
    await vi.waitFor(() => expect(seqsOf(listener.heard).slice(-1)).toEqual(told), { timeout: 10_000 })
    listener.close()
  })

  it.each(['/v1/events/stream', '/trpc/events.stream'])(
    'keeps no place for who has left before it began: %s',
    async (path) => {
      const admit = vi.spyOn(hub.hub.deps.live.subscriptions, 'admit')
      // One that nobody has used yet: it takes a look into the database, and its client is gone by then.
      const apiKey = await createOwnerApiKey(hub.hub.store.db)
      onChannel('http.server.request.start', hangUp)
      const client = connect(hub.port, '127.0.0.1')
      client.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nx-api-key: ${apiKey}\r\n\r\n`)
      await once(client, 'close')
      offChannel('http.server.request.start', hangUp)
      await vi.waitUntil(() => admit.mock.calls.length === 1, { timeout: 10_000 })
      await vi.waitFor(() => expect(hub.hub.deps.live.subscriptions.count).toBe(0), { timeout: 10_000 })
      admit.mockRestore()
    },
  )

  it('says what it is, and that no cache may keep it', async () => {
    const leaving = new AbortController()
    const { headers, status } = await fetch(address(), { headers: key(), signal: leaving.signal })
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/event-stream')
    expect(headers.get('cache-control')).toBe('no-store, no-transform')
    expect(headers.get('x-ratelimit-remaining')).toMatch(/^\d+$/)
    leaving.abort()
  })

  it('goes on after Last-Event-ID, which EventSource sends, over what the address says', async () => {
    const told = await tell(3)
    const [first = 0, ...rest] = told
    const resumed = await listenTo(address('?lastEventId=0'), { ...key(), 'last-event-id': String(first) })
    await vi.waitFor(() => expect(seqsOf(resumed.heard)).toEqual(rest), { timeout: 10_000 })
    resumed.close()
  })

  it('tells of one share where one is named', async () => {
    const listener = await listenTo(address(`?lastEventId=0&shareId=${other.id}`), key())
    await vi.waitFor(() => expect(listener.heard).toHaveLength(1), { timeout: 10_000 })
    const told = await tell(1)
    const all = await listenTo(address(`?lastEventId=${(told[0] ?? 0) - 1}`), key())
    await vi.waitFor(() => expect(all.heard).toHaveLength(1), { timeout: 10_000 })
    expect(listener.heard).toHaveLength(1)
    for (const one of [listener, all]) one.close()
  })

  it('refuses in words and numbers', async () => {
    const refusal = async (query: string, headers: Readonly<Record<string, string>>) => {
      const answer = await fetch(address(query), { headers })
      return [answer.status, ((await answer.json()) as { code: string }).code]
    }
    expect(await refusal('', {})).toEqual([401, 'auth.required'])
    expect(await refusal('', { 'x-api-key': `pc_live_${'a'.repeat(26)}` })).toEqual([401, 'auth.invalid'])
    expect(await refusal('?shareId=share_other', key())).toEqual([404, 'share.not_found'])
    for (const query of ['?lastEventId=x', '?lastEventId=-1', '?after=1', '?shareId=a&shareId=b']) {
      expect(await refusal(query, key())).toEqual([400, 'request.invalid'])
    }
    expect(await refusal('', { ...key(), 'last-event-id': 'x' })).toEqual([400, 'request.invalid'])
    expect(await refusal('', { ...key(), 'sec-fetch-site': 'cross-site' })).toEqual([403, 'auth.cross_site'])
    const open = await Promise.all(Array.from({ length: 5 }, async () => listenTo(address(), key())))
    expect(await refusal('', key())).toEqual([429, 'subscription.limit'])
    for (const one of open) one.close()
  })

  it('is refused to a workspace that has as many open with all its keys together, over each way', async () => {
    const [bySecond, { session }] = [
      { 'x-api-key': await createOwnerApiKey(hub.hub.store.db) },
      await createOwner(hub.hub.store.db, 'other@example.com', 'other'),
    ]
    const limitReached = { status: 429, body: { code: 'subscription.limit' } }
    const open = await Promise.all([
      ...Array.from({ length: 5 }, async () => listenTo(address(), key())),
      listenTo(address(), bySecond),
      subscribe(hub.url, bySecond, ['events.stream']),
    ])
    expect(open.map(({ status }) => status)).toEqual(Array.from(open, () => 200))
    const answer = await fetch(address(), { headers: bySecond })
    expect({ status: answer.status, body: await answer.json() }).toMatchObject(limitReached)
    const byTrpc = await subscribe(hub.url, bySecond, ['events.stream'])
    await byTrpc.ended
    expect(byTrpc.heard.at(-1)).toMatchObject({
      event: 'serialized-error',
      data: { json: { data: { code: 'subscription.limit' } } },
    })
    open.push(await listenTo(address(), { authorization: `Bearer ${session}` }))
    expect(open.at(-1)?.status).toBe(200)
    for (const one of open) one.close()
  })

  it('says why it ends, as the body of an error', async () => {
    const verified = await fetch(`${hub.url}/v1/auth/verify?token=${hub.signInToken}`, {
      headers: { 'sec-fetch-site': 'same-origin' },
    })
    const session = /session=(sess_\w+)/.exec(verified.headers.getSetCookie().join())?.[1] ?? ''
    const listener = await listenTo(address(), { authorization: `Bearer ${session}` })
    expect(listener.status).toBe(200)
    const cookie = { cookie: `session=${session}`, 'sec-fetch-site': 'same-origin' }
    await fetch(`${hub.url}/v1/auth/logout`, { method: 'POST', headers: cookie })
    await listener.ended
    expect(listener.heard).toMatchObject([{ event: 'end', id: null, data: { code: 'auth.invalid' } }])
  })

  it('leaves nothing behind when many come and go', async () => {
    for (let round = 0; round < 5; round += 1) {
      const open = await Promise.all(Array.from({ length: 5 }, async () => listenTo(address(), key())))
      expect(open.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
      for (const one of open) one.close()
      await vi.waitFor(() => expect(hub.hub.deps.live.subscriptions.count).toBe(0), { timeout: 10_000 })
    }
    // The store is asked for what came as long as somebody follows, and not any more.
    const asked = vi.spyOn(hub.hub.store.db.pool, 'query')
    const isAsked = () => asked.mock.calls.some(([query]) => JSON.stringify(query).includes('events after'))
    await tell(1)
    expect(isAsked()).toBe(false)
    const last = await listenTo(address(), key())
    await tell(1)
    await vi.waitFor(() => expect(last.heard).toHaveLength(1), { timeout: 10_000 })
    expect(isAsked()).toBe(true)
    last.close()
    asked.mockRestore()
  })
})

describe('events that are kept', () => {
  const dayMs = 86_400_000
  const db = () => hub.hub.store.db
  const listSeqs = async () => {
    const { body } = await hub.api<{ events: EventRow[] }>('GET', '/v1/events?limit=100')
    return body.events.map(({ seq }) => seq)
  }
  const setAge = async (seqs: readonly number[], ageMs: number) =>
    db().pool.query('UPDATE events SET created_at = $1 WHERE workspace_id = $2 AND seq = ANY ($3)', [
      new Date(Date.now() - ageMs),
      workspaceId,
      seqs,
    ])
  /** What a hub does every hour, as of a time. */
  async function forgetOld(nowMs: number, isDone: () => Promise<void>): Promise<void> {
    const log = { info: () => {}, warn: () => {} }
    const times = { firstMs: 0, everyMs: 10 }
    const retention = startEventRetention({ db: db(), visitorDays: 90, log, nowMs: () => nowMs, ...times })
    await vi.waitFor(isDone, { timeout: 10_000 })
    await retention.stop()
  }

  it('are those of seven days, and who comes back with an older id hears them and what happens then', async () => {
    const before = await listSeqs()
    const [old, young] = [await tell(4), await tell(3)]
    await setAge(old, 7 * dayMs + 60_000)
    await setAge(young, 7 * dayMs - 3_600_000)
    const kept = [...before, ...young]
    await forgetOld(Date.now(), async () => expect(await listSeqs()).toEqual(kept))
    expect(await listSeqs()).toEqual(kept)
    const listener = await listenTo(address(`?lastEventId=${old[1]}`), key())
    const next = await tell(1)
    await vi.waitFor(() => expect(seqsOf(listener.heard)).toEqual([...young, ...next]), { timeout: 10_000 })
    listener.close()
  })

  it('go on being counted where all of them were forgotten', async () => {
    const newest = (await listSeqs()).at(-1) ?? 0
    await forgetOld(Date.now() + 8 * dayMs, async () => expect(await listSeqs()).toEqual([]))
    const listeners = [
      await listenTo(address('?lastEventId=1'), key()),
      await listenTo(address(`?lastEventId=${newest}`), key()),
      await subscribe(hub.url, key(), ['events.stream', { lastEventId: '1' }]),
    ]
    expect(await tell(2)).toEqual([newest + 1, newest + 2])
    for (const { heard } of listeners) {
      await vi.waitFor(() => expect(heard.map(({ id }) => id)).toEqual([`${newest + 1}`, `${newest + 2}`]), {
        timeout: 10_000,
      })
    }
    expect(await listSeqs()).toEqual([newest + 1, newest + 2])
    for (const one of listeners) one.close()
  })
})

describe('WebSockets', () => {
  it('are refused to a workspace that has as many open, and make room again once they close', async () => {
    const url = `${hub.url.replace('http', 'ws')}/trpc`
    const second = { 'x-api-key': await createOwnerApiKey(hub.hub.store.db) }
    const connectAs = (headers: Readonly<Record<string, string>>) => {
      const socket = new WebSocket(url, { headers })
      return new Promise<WebSocket | number>((resolve) => {
        socket.on('error', () => {})
        socket.on('unexpected-response', (_request, { statusCode = 0 }) => resolve(statusCode))
        socket.on('open', () => resolve(socket))
      })
    }
    const open: (WebSocket | number)[] = []
    for (const headers of [key(), key(), key(), key(), key(), second, second]) {
      open.push(await connectAs(headers))
    }
    expect(open.filter((one) => typeof one === 'number')).toEqual([])
    expect([await connectAs(key()), await connectAs(second)]).toEqual([429, 429])
    for (const one of open) if (typeof one !== 'number') one.terminate()
    await vi.waitFor(
      async () => {
        const again = await connectAs(second)
        if (typeof again !== 'number') again.terminate()
        expect(again).not.toBe(429)
      },
      { timeout: 10_000 },
    )
  })
})

describe('readers that stall', () => {
  const [batches, perBatch] = [40, 100]
  const padding = { shareName: 'x'.repeat(4_000) }

  /** Opens it, and reads nothing of it any more. */
  async function stallStream(path: string): Promise<Socket> {
    const socket = connect({ port: hub.port, host: '127.0.0.1' })
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: ${hub.apiKey}\r\n\r\n`)
    await once(socket, 'readable')
    return socket.pause()
  }

  async function openSocket(lastEventId?: string): Promise<WebSocket> {
    const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/trpc`, { headers: key() })
    await once(socket, 'open')
    const input = { json: {} }
    const params = { path: 'events.stream', input, ...(lastEventId === undefined ? {} : { lastEventId }) }
    socket.send(JSON.stringify({ id: 1, method: 'subscription', params }))
    await once(socket, 'message')
    return socket
  }

  it('cost little and delay nobody, and go on when they are read', async () => {
    const streams = [
      await stallStream('/trpc/events.stream'),
      await stallStream('/v1/events/stream'),
    ] as const
    const socket = await openSocket()
    const readers: Listener[] = [
      await subscribe(hub.url, key(), ['events.stream']),
      await listenTo(address(), key()),
    ]
    socket.pause()
    let waitingMax = 0
    const watching = setInterval(() => {
      waitingMax = Math.max(waitingMax, ...sockets.map(({ writableLength }) => writableLength))
    }, 5)
    const told: number[] = []
    for (let n = 0; n < batches; n += 1) told.push(...(await tell(perBatch, padding)))
    for (const { heard } of readers) {
      await vi.waitFor(() => expect(heard).toHaveLength(told.length), { timeout: 30_000 })
    }
    expect(readers.map(({ heard }) => heard.map(({ id }) => Number(id)))).toEqual([told, told])
    clearInterval(watching)
    // What is in the kernel's own buffers is bounded by the kernel.
    expect(waitingMax).toBeLessThan(128 * 1024)
    const seqs: number[] = []
    socket.on('message', (data: Buffer) => seqs.push(seqIn(data)))
    socket.resume()
    await vi.waitFor(() => expect(seqs).toHaveLength(told.length), { timeout: 60_000 })
    expect(seqs).toEqual(told)
    socket.terminate()
    for (const stalled of streams) await expectAll(stalled, told)
    for (const reader of readers) reader.close()
  }, 120_000)

  it('are cut where they ask over a WebSocket and never listen', async () => {
    const socket = await openSocket()
    const hubsEnd = sockets.at(-1)
    socket.pause()
    // Its answer is as long, as it repeats the id.
    const asking = JSON.stringify({
      id: 'x'.repeat(60_000),
      method: 'query',
      params: { path: 'events.list', input: { json: {} } },
    })
    await vi.waitFor(
      () => {
        for (let n = 0; n < 50; n += 1) socket.send(asking)
        expect(hubsEnd?.destroyed).toBe(true)
      },
      { timeout: 30_000, interval: 50 },
    )
    socket.terminate()
  }, 60_000)

  const seqIn = (message: Buffer): number =>
    (JSON.parse(message.toString()) as { result: { data: { json: { data: EventRow } } } }).result.data.json
      .data.seq

  /** Reads on: nothing is missing of what was told meanwhile, and nothing comes twice. */
  async function expectAll(stalled: Socket, told: readonly number[]): Promise<void> {
    let text = ''
    stalled.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    stalled.resume()
    const last = `\nid: ${told.at(-1)}\n`
    await vi.waitFor(() => expect(text.includes(last)).toBe(true), { timeout: 60_000 })
    stalled.destroy()
    expect(Array.from(text.matchAll(/^id: (\d+)$/gm), ([, id]) => Number(id))).toEqual(told)
  }
})
