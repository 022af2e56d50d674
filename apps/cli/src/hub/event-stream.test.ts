import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { streamEvents, type StreamedEvent } from './event-stream.ts'

// Guarantee: each event of a share's stream comes as soon as it is there; what is no such stream fails, and so does an event
// without an end, of which no more than a bounded piece is read.
let server: Server
let hubUrl: string
let asked: (string | undefined)[]
let answer: (response: ServerResponse) => void
const dispatcher = new Agent()

beforeAll(async () => {
  server = createServer((request, response) => {
    asked = [request.url, request.headers['x-api-key'] as string]
    answer(response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  await dispatcher.destroy()
  server.closeAllConnections()
  server.close()
})

const stream = (signal = new AbortController().signal) =>
  streamEvents(
    { hubUrl, credential: { kind: 'api_key', value: 'pc_live_x' }, dispatcher },
    { shareId: 'share_1', afterSeq: 7, signal },
  )
const events = { 'content-type': 'text/event-stream' }

describe('a stream of events', () => {
  it('is asked for after what was seen, gives each at once, and ends with the signal', async () => {
    let write: (text: string) => void = () => undefined
    answer = (response) => {
      write = (text) => response.write(text)
      response
        .writeHead(200, events)
        .write('retry: 1000\n\n: ping\n\ndata: {"a":1}\nid: 8\n\nevent: end\ndata: {}\n\n')
    }
    const stop = new AbortController()
    const heard: StreamedEvent[] = []
    const reading = (async () => {
      for await (const event of stream(stop.signal)) {
        heard.push(event)
        if (event.seq === 8) write('data: "ü"\nid: 9\n\n')
        else stop.abort()
      }
    })()
    await expect(reading).rejects.toThrow('abort')
    expect(heard).toEqual([
      { seq: 8, data: '{"a":1}' },
      { seq: 9, data: '"ü"' },
    ])
    expect(asked).toEqual(['/v1/events/stream?shareId=share_1&lastEventId=7', 'pc_live_x'])
  })

  it.each([
    [429, 'application/json'],
    [200, 'text/html'],
    [302, 'text/event-stream'],
  ])('is not an answer of %d and %s', async (status, contentType) => {
    answer = (response) =>
      response.writeHead(status, { 'content-type': contentType }).end('data: 1\nid: 1\n\n')
    await expect(stream().next()).rejects.toThrow(`The hub answered with ${status}`)
  })

  it.each(['data: x\n', 'x'])('has no event without an end, as of %j again and again', async (piece) => {
    const text = piece.repeat(65_536)
    let bytes = 0
    const closed = new Promise<void>((done) => {
      answer = (response) => {
        response.writeHead(200, events)
        const flood = (): void => {
          while (!response.destroyed && bytes < 64 * 1024 * 1024 && response.write(text)) bytes += text.length
        }
        response.on('drain', flood).on('close', done)
        flood()
      }
    })
    await expect(stream().next()).rejects.toThrow('max buffer size')
    await closed
    // What was on its way in sockets comes on top.
    expect(bytes).toBeLessThan(16 * 1024 * 1024)
  })
})
