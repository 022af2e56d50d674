import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { Pool } from 'undici'
import { createTagPattern, readPattern } from './tag-pattern.ts'
import { CrossedError } from './tally.ts'

/** Where one share is reached. */
export interface Visited {
  readonly pool: Pool
  readonly port: number
  readonly sharePath: string
}

export type Exchange = (visited: Visited) => Promise<void>

const timeouts = { headersTimeout: 30_000, bodyTimeout: 30_000 }

/** A body of the size that it asked for, every byte of it checked. */
export function download(bytes: number): Exchange {
  return async ({ pool, sharePath }) => {
    const tag = newTag()
    const path = `${sharePath}/soak?bytes=${bytes}`
    const response = await pool.request({ path, method: 'GET', headers: { 'x-soak-tag': tag }, ...timeouts })
    checkAnswer(response, tag)
    const pattern = createTagPattern(tag)
    let offset = 0
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      if (!pattern.matches(chunk, offset)) throw new CrossedError(`foreign bytes in a body of ${bytes}`)
      offset += chunk.length
    }
    if (offset !== bytes) throw new Error(`a body ended after ${offset} of ${bytes} bytes without an error`)
  }
}

/** A body that the upstream checks. */
export function upload(bytes: number): Exchange {
  return async ({ pool, sharePath }) => {
    const tag = newTag()
    const body = readPattern(tag, bytes)
    const headers = { 'x-soak-tag': tag, 'content-length': String(bytes) }
    const response = await pool.request({
      path: `${sharePath}/soak`,
      method: 'PUT',
      headers,
      body,
      ...timeouts,
    })
    checkAnswer(response, tag)
    const received = (await response.body.json()) as { bytes: number; isOwn: boolean }
    if (!received.isOwn) throw new CrossedError('foreign bytes in an upload')
    if (received.bytes !== bytes) throw new Error(`the upstream got ${received.bytes} of ${bytes} bytes`)
  }
}

/** A visitor who leaves: while the answer is awaited, or somewhere inside of a body. */
export const leaveEarly: Exchange = async ({ pool, sharePath }) => {
  const tag = newTag()
  const leave = new AbortController()
  const pauseMs = randomInt(2) * 200
  setTimeout(() => leave.abort(), randomInt(5, 150))
  try {
    const path = `${sharePath}/soak?bytes=50000000&pauseMs=${pauseMs}`
    const headers = { 'x-soak-tag': tag }
    const response = await pool.request({ path, method: 'GET', headers, signal: leave.signal, ...timeouts })
    checkAnswer(response, tag)
    const pattern = createTagPattern(tag)
    let offset = 0
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      if (!pattern.matches(chunk, offset)) throw new CrossedError('foreign bytes in a body that was left')
      offset += chunk.length
    }
  } catch (error) {
    if (!leave.signal.aborted || error instanceof CrossedError) throw error
  }
}

/** An upgraded stream whose bytes all come back; ended by the visitor in the middle of it or properly. */
export const upgrade: Exchange = async ({ port, sharePath }) => {
  const socket = connect(port, '127.0.0.1')
  socket.setTimeout(30_000, () => socket.destroy(new Error('an upgraded stream fell silent')))
  try {
    await once(socket, 'connect')
    const chunks = socket.iterator({ destroyOnReturn: false })
    await shakeHands(socket, { chunks, sharePath })
    for (let count = randomInt(1, 20); count > 0; count -= 1) {
      await echo(socket, { chunks, message: randomBytes(randomInt(1, 50_000)) })
    }
  } finally {
    socket.on('error', () => {}) // what comes after the end is of no interest
    if (randomInt(2) === 0) socket.end()
    else socket.destroy()
    socket.resume()
  }
}

type Chunks = AsyncIterator<Buffer>

async function shakeHands(socket: Socket, { chunks, sharePath }: { chunks: Chunks; sharePath: string }) {
  const lines = [
    `GET ${sharePath}/socket HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  let head = ''
  while (!head.includes('\r\n\r\n')) head += (await readChunk(chunks)).toString('latin1')
  if (!head.startsWith('HTTP/1.1 101')) throw new Error(`upgrade refused: ${head.slice(0, 60)}`)
  if (!head.endsWith('\r\n\r\n')) throw new CrossedError('bytes on an upgraded stream before any were sent')
}

async function echo(socket: Socket, { chunks, message }: { chunks: Chunks; message: Buffer }): Promise<void> {
  socket.write(message)
  for (let offset = 0; offset < message.length;) {
    const chunk = await readChunk(chunks)
    if (!chunk.equals(message.subarray(offset, offset + chunk.length))) {
      throw new CrossedError('foreign bytes on an upgraded stream')
    }
    offset += chunk.length
  }
}

async function readChunk(chunks: Chunks): Promise<Buffer> {
  const { done, value } = await chunks.next()
  if (done === true) throw new Error('an upgraded stream ended early')
  return value
}

function checkAnswer(
  response: { statusCode: number; headers: Record<string, unknown>; body: { dump(): Promise<unknown> } },
  tag: string,
): void {
  const answered = response.headers['x-soak-tag']
  if (response.statusCode === 200 && answered === tag) return
  response.body.dump().catch(() => {}) // the failure itself is what is reported
  if (answered !== undefined && answered !== tag)
    throw new CrossedError('the answer has another request’s tag')
  throw new Error(`status ${response.statusCode}`)
}

function newTag(): string {
  return randomBytes(12).toString('hex')
}
