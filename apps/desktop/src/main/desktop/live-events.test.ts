import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Event } from '@private-connect/api/contracts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createHubApi } from './hub-api.ts'
import { startLiveEvents, type LiveEvents } from './live-events.ts'

/** Events go on where they were after every kind of loss, each told once; nothing is asked while paused. */
interface Asked {
  readonly lastEventId: string | null
  readonly answer: ServerResponse
}

let asked: Asked[]
let heard: number[]
let losses: number
let newestSeq: number
let live: LiveEvents
let close: () => Promise<void>

beforeEach(async () => {
  asked = []
  heard = []
  losses = 0
  newestSeq = 6
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://hub')
    if (url.pathname === '/trpc/events.list') {
      const body = { result: { data: { json: { items: [{ seq: (newestSeq += 1) }], nextCursor: null } } } }
      res.setHeader('content-type', 'application/json').end(JSON.stringify(body))
      return
    }
    const input = JSON.parse(url.searchParams.get('input') ?? '{}') as {
      json: { lastEventId: string | null }
    }
    asked.push({ lastEventId: input.json.lastEventId, answer: res })
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    res.write('event: connected\ndata: {}\n\n')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  live = startLiveEvents({
    api: createHubApi({ hubUrl, fetch, authorization: { authorization: 'Bearer sess_x' } }),
    onEvent: ({ seq }: Event) => void heard.push(seq),
    onOpen: () => undefined,
    onLost: () => (losses += 1),
    random: () => 0.01,
  })
  close = async () => {
    live.close()
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
})

afterEach(() => close())

async function opened(count: number): Promise<Asked> {
  return vi.waitFor(() => {
    const found = asked[count - 1]
    if (found === undefined) throw new Error(`the stream was opened ${asked.length} times`)
    return found
  })
}

const send = ({ answer }: Asked, seq: number) =>
  answer.write(`id: ${seq}\ndata: ${JSON.stringify({ json: { seq, type: 'agent.online', data: {} } })}\n\n`)
const heardUpTo = (seq: number) => vi.waitFor(() => expect(heard.at(-1)).toBe(seq))

describe('live events', () => {
  it('begin after the newest one, and go on after the last that was heard', async () => {
    const first = await opened(1)
    expect(first.lastEventId).toBe('7')
    send(first, 8)
    send(first, 9)
    await heardUpTo(9)
    first.answer.destroy()
    const second = await opened(2)
    expect(second.lastEventId).toBe('9')
    send(second, 9)
    send(second, 10)
    await heardUpTo(10)
    expect(heard).toEqual([8, 9, 10])
    expect(losses).toBe(1)
  })

  it('go on where the stream began when it is lost before anything happened', async () => {
    const first = await opened(1)
    first.answer.end()
    expect((await opened(2)).lastEventId).toBe('7')
  })

  it('come back after an error that the hub tells', async () => {
    const first = await opened(1)
    const error = { json: { code: -32_603, message: 'draining', data: { code: 'hub.draining' } } }
    first.answer.write(`event: serialized-error\ndata: ${JSON.stringify(error)}\n\n`)
    expect((await opened(2)).lastEventId).toBe('7')
  })

  it('ask nothing while paused, and at once when restarted', async () => {
    await opened(1)
    live.pause()
    expect(losses).toBe(0)
    live.restart()
    await opened(2)
    live.restart()
    await opened(3)
    expect(losses).toBe(0)
  })
})
