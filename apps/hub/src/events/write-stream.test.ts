// Guarantee: what many are told is written once; whoever does not read holds nobody up, costs a bounded piece of memory
// and is cut in the end; and whoever leaves leaves nothing behind.
import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createHeartbeat, type Heartbeat } from './heartbeat.ts'
import { onceForEach, type StreamFormat } from './stream-format.ts'
import { writeStream } from './write-stream.ts'

interface Told {
  readonly text: string
}

let server: Server
let heartbeat: Heartbeat
let written: string[]
let format: StreamFormat
let sources: Source[]
const open: Array<() => void> = []

/** What one subscription is told, batch by batch, by the test. */
class Source {
  readonly response: ServerResponse
  readonly ending = new AbortController()
  readonly #waiting: Array<readonly Told[]> = []
  #wake: () => void = () => {}
  takenCount = 0
  isReleased = false
  /** Told again and again, as fast as it is taken. */
  always: readonly Told[] | null = null
  failure: Error | null = null

  constructor(response: ServerResponse) {
    this.response = response
    response.once('close', () => this.end())
  }

  tell(batch: readonly Told[]): void {
    this.#waiting.push(batch)
    this.#wake()
  }

  end(failure: Error | null = null): void {
    this.failure ??= failure
    this.ending.abort()
    this.#wake()
  }

  async *batches(): AsyncGenerator<readonly Told[], void, void> {
    try {
      while (!this.ending.signal.aborted) {
        const batch = this.always ?? this.#waiting.shift()
        if (batch === undefined) {
          await new Promise<void>((resolve) => (this.#wake = resolve))
        } else {
          this.takenCount += 1
          yield batch
        }
      }
      if (this.failure !== null) throw this.failure
    } finally {
      this.isReleased = true
    }
  }
}

beforeEach(async () => {
  written = []
  sources = []
  heartbeat = createHeartbeat(150)
  format = {
    opening: Buffer.from('open\n'),
    heartbeat: Buffer.from('beat\n'),
    closing: Buffer.from('closed\n'),
    frameOf: onceForEach((told) => {
      written.push((told as Told).text.slice(0, 8))
      return `${(told as Told).text}\n`
    }),
  }
  server = createServer((request, response) => {
    const source = new Source(response)
    sources.push(source)
    response.writeHead(200)
    void writeStream(
      { admission: { signal: source.ending.signal }, batches: source.batches() },
      {
        response,
        format,
        heartbeat,
        describeFailure: (thrown) => Buffer.from(`failed: ${(thrown as Error).message}\n`),
        stalledMs: Number(request.headers['stalled-ms'] ?? 60_000),
      },
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  for (const close of open.splice(0)) close()
  heartbeat.close()
  server.closeAllConnections()
  server.close()
})

const port = () => (server.address() as AddressInfo).port

interface Reader {
  readonly source: Source
  text: string
  readonly ended: Promise<unknown>
  leave(): void
}

async function read(): Promise<Reader> {
  const request = get({ port: port(), host: '127.0.0.1', agent: false })
  request.on('error', () => {})
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const source = sources.at(-1)
  if (source === undefined) throw new Error('nothing was asked')
  const leave = () => request.destroy()
  open.push(leave)
  const reader: Reader = {
    source,
    text: '',
    leave,
    ended: new Promise((resolve) => response.once('close', resolve)),
  }
  response.setEncoding('utf8').on('data', (piece: string) => (reader.text += piece))
  response.on('error', () => {})
  return reader
}

/** A real socket of which nothing is ever read. */
async function stall(headers = ''): Promise<{ readonly source: Source; readonly socket: Socket }> {
  const before = sources.length
  const socket = connect({ port: port(), host: '127.0.0.1' }).pause()
  socket.on('error', () => {})
  open.push(() => socket.destroy())
  socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n`)
  await vi.waitFor(() => expect(sources.length).toBeGreaterThan(before), { timeout: 10_000 })
  const source = sources.at(-1)
  if (source === undefined) throw new Error('nothing was asked')
  return { source, socket }
}

describe('an event stream', () => {
  it('writes what many are told once, and in order', async () => {
    const readers = [await read(), await read(), await read()]
    const [first, second] = [{ text: 'first' }, { text: 'second' }]
    for (const { source } of readers) source.tell([first])
    for (const { source } of readers) source.tell([second])
    for (const reader of readers) {
      await vi.waitFor(() => expect(reader.text.replaceAll('beat\n', '')).toBe('open\nfirst\nsecond\n'), {
        timeout: 10_000,
      })
    }
    expect(written).toEqual(['first', 'second'])
  })

  it('writes a large batch whole, in pieces', async () => {
    const reader = await read()
    const batch = Array.from({ length: 500 }, (_, n) => ({ text: `${n} ${'x'.repeat(700)}` }))
    reader.source.tell(batch)
    await vi.waitFor(
      () =>
        expect(reader.text.replaceAll('beat\n', '')).toBe(
          `open\n${batch.map(({ text }) => `${text}\n`).join('')}`,
        ),
      { timeout: 10_000 },
    )
  })

  it('is heard of every so often while nothing happens, by one timer for all', async () => {
    const readers = [await read(), await read()]
    for (const reader of readers) {
      await vi.waitFor(() => expect(reader.text.split('beat').length).toBeGreaterThan(3), { timeout: 10_000 })
    }
  })

  it('ends with the last words of its kind, and in words where it fails', async () => {
    const [good, bad] = [await read(), await read()]
    good.source.end()
    bad.source.end(new Error('its key has ended'))
    await Promise.all([good.ended, bad.ended])
    expect([good.text.split('\n').at(-2), bad.text.split('\n').at(-2)]).toEqual([
      'closed',
      'failed: its key has ended',
    ])
  })

  it('gives everything up when its reader leaves', async () => {
    const reader = await read()
    reader.leave()
    await vi.waitFor(() => expect(reader.source.isReleased).toBe(true), { timeout: 10_000 })
    const writes = vi.spyOn(reader.source.response, 'write')
    const other = await read()
    await vi.waitFor(() => expect(other.text.split('beat').length).toBeGreaterThan(3), { timeout: 10_000 })
    expect(writes).not.toHaveBeenCalled()
  })
})

describe('a reader that has stalled', () => {
  const much = Array.from({ length: 100 }, (_, n) => ({ text: `much ${n} ${'x'.repeat(1000)}` }))

  /** Until nothing is taken for it any more. */
  async function fill({ source }: { readonly source: Source }): Promise<void> {
    source.always = much
    source.tell([])
    let before = -1
    await vi.waitFor(
      () => {
        const last = before
        before = source.takenCount
        expect(source.response.writableNeedDrain).toBe(true)
        expect(source.takenCount).toBe(last)
      },
      { timeout: 20_000, interval: 200 },
    )
  }

  it('costs a bounded piece of memory, and holds nobody up', async () => {
    const stalled = await stall()
    await fill(stalled)
    expect(stalled.source.response.writableLength).toBeLessThan(128 * 1024)
    const reader = await read()
    const startedMs = performance.now()
    reader.source.tell([{ text: 'quick' }])
    await vi.waitFor(() => expect(reader.text).toContain('quick'), { interval: 1 })
    expect(performance.now() - startedMs).toBeLessThan(1_000)
    // A heartbeat adds nothing to what waits.
    const waiting = stalled.source.response.writableLength
    await vi.waitFor(() => expect(reader.text.split('beat').length).toBeGreaterThan(3), { timeout: 10_000 })
    expect(stalled.source.response.writableLength).toBe(waiting)
  })

  it('goes on where it was once it reads', async () => {
    const stalled = await stall()
    await fill(stalled)
    const taken = stalled.source.takenCount
    stalled.socket.resume()
    await vi.waitFor(() => expect(stalled.source.takenCount).toBeGreaterThan(taken + 10), { timeout: 10_000 })
  })

  it('is cut after a while', async () => {
    const stalled = await stall('Stalled-Ms: 300\r\n')
    stalled.source.always = much
    stalled.source.tell([])
    await vi.waitFor(() => expect(stalled.source.isReleased).toBe(true), { timeout: 20_000 })
    expect(stalled.source.response.destroyed).toBe(true)
  })

  it('is cut at once where its subscription ends', async () => {
    const stalled = await stall()
    await fill(stalled)
    const startedMs = performance.now()
    stalled.source.end(new Error('its key has ended'))
    await vi.waitFor(() => expect(stalled.source.response.destroyed).toBe(true), { interval: 10 })
    expect(performance.now() - startedMs).toBeLessThan(1_000)
    expect(stalled.source.isReleased).toBe(true)
  })
})
