import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Event } from '@private-connect/api/contracts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createHubApi } from './hub-api.ts'
import { startLiveEvents, type LiveEvents } from './live-events.ts'

/** Events go on where they were after every kind of loss, each told once; nothing is asked while paused, and nothing is held without an end. */
interface Asked {
  readonly lastEventId: string | null
  readonly answer: ServerResponse
}

const mebibyte = 1024 * 1024
const settledMs = 10_000

/** Waits for nothing but what the test lets pass. */
function setTimer(callback: () => void, delayMs: number): () => void {
  if (delayMs === settledMs) {
    settle = callback
    return () => (settle = null)
  }
  waitsMs.push(delayMs)
  const timer = setImmediate(callback)
  return () => clearImmediate(timer)
}

let asked: Asked[]
let heard: number[]
let losses: number
let newestSeq: number
/** How long it was to wait before each further stream. */
let waitsMs: number[]
/** Lets the time pass after which a stream has held. */
let settle: (() => void) | null
let live: LiveEvents
let close: () => Promise<void>

beforeEach(async () => {
  asked = []
  heard = []
  losses = 0
  newestSeq = 6
  waitsMs = []
  settle = null
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
    random: () => 0.1,
    clock: { setTimer },
  })
  close = async () => {
    live.close()
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
})

afterEach(() => close())

async function opened(count: number): Promise<Asked> {
  return vi.waitFor(
    () => {
      const found = asked[count - 1]
      if (found === undefined) throw new Error(`the stream was opened ${asked.length} times`)
      return found
    },
    { timeout: 10_000 },
  )
}

const send = ({ answer }: Asked, seq: number) =>
  answer.write(`id: ${seq}\ndata: ${JSON.stringify({ json: { seq, type: 'agent.online', data: {} } })}\n\n`)
const heardUpTo = (seq: number) => vi.waitFor(() => expect(heard.at(-1)).toBe(seq), { timeout: 10_000 })

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

  it('end a stream whose event has no end, hold none of it, and go on behind it', async () => {
    for (let n = 1; n <= 3; n += 1) {
      // What was on its way in sockets comes on top.
      expect(await floodUntilClosed(await opened(n))).toBeLessThan(16 * mebibyte)
    }
    send(await opened(4), 8)
    await heardUpTo(8)
    expect([losses, heard]).toEqual([3, [8]])
  })

  it('come back ever more rarely to what only opens, and soon to what had held', async () => {
    for (let n = 1; n <= 4; n += 1) (await opened(n)).answer.destroy()
    await opened(5)
    expect(waitsMs).toEqual([50, 100, 200, 400])
    await vi.waitFor(() => expect(settle).not.toBeNull(), { timeout: 10_000 })
    settle?.()
    asked.at(-1)?.answer.destroy()
    await opened(6)
    expect(waitsMs.at(-1)).toBe(50)
  })
})

/** Writes one line as fast as it is taken; resolves with its bytes once nobody reads any more. */
async function floodUntilClosed({ answer }: Asked): Promise<number> {
  const piece = Buffer.alloc(65_536, 'x')
  let bytes = 0
  function* endless() {
    yield Buffer.from('data: ')
    for (; bytes < 64 * mebibyte; bytes += piece.length) yield piece
  }
  await pipeline(Readable.from(endless()), answer).catch(() => undefined)
  return bytes
}
