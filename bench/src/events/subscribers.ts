import { createConnection, type Socket } from 'node:net'
import { parseArgs } from 'node:util'

// Subscribers of the hub's events, in a process of their own that does as little as it can: it looks for one word in the
// bytes that come, and says when the first and when the last subscriber has heard it.

export const ways = ['trpc', 'rest', 'websocket'] as const
export type Way = (typeof ways)[number]

/** What it tells its parent: all follow; or the moments of one event, in ms of the machine's monotonic clock. */
export type SubscribersMessage = 'ready' | { readonly firstMs: number; readonly lastMs: number }

/** The same clock in all processes of a machine. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

const word = Buffer.from('"share.accessed"')

if (process.send !== undefined) subscribeAll()

function subscribeAll(): void {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '' },
      key: { type: 'string', default: '' },
      count: { type: 'string', default: '' },
      way: { type: 'string', default: '' },
    },
  })
  const count = Number(values.count)
  const opening = Buffer.from(openingOf(values.way as Way, values.key), 'latin1')
  let [readyCount, heardCount, firstMs] = [0, 0, 0]
  const tell = (message: SubscribersMessage) => process.send?.(message)
  for (let n = 0; n < count; n += 1) {
    subscribe(Number(values.port), opening, {
      isReady() {
        readyCount += 1
        if (readyCount === count) tell('ready')
      },
      hasHeard() {
        heardCount += 1
        if (heardCount === 1) firstMs = monotonicMs()
        if (heardCount < count) return
        heardCount = 0
        tell({ firstMs, lastMs: monotonicMs() })
      },
    })
  }
}

interface Listener {
  isReady(): void
  hasHeard(): void
}

/** Frames are small and sent whole, so that a word is cut in two pieces only if its socket is behind. */
function subscribe(port: number, opening: Buffer, listener: Listener): Socket {
  let isReady = false
  let rest: Buffer = Buffer.alloc(0)
  const take = (piece: Buffer): void => {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    let at = bytes.indexOf(word)
    let end = 0
    for (; at >= 0; at = bytes.indexOf(word, end)) {
      end = at + word.length
      listener.hasHeard()
    }
    const isWhole = bytes[bytes.length - 1] === newline || bytes[bytes.length - 1] === closingBrace
    rest = isWhole ? nothing : Buffer.from(bytes.subarray(Math.max(end, bytes.length - word.length)))
    if (isReady || !/event: connected|retry: |"started"/.test(bytes.toString('latin1'))) return
    isReady = true
    listener.isReady()
  }
  const onread = {
    buffer: Buffer.allocUnsafe(16_384),
    callback: (bytes: number, buffer: Uint8Array) => (
      take(Buffer.from(buffer.buffer, buffer.byteOffset, bytes)),
      true
    ),
  }
  const socket = createConnection({ host: '127.0.0.1', port, onread })
  socket.on('error', (error) => {
    throw error
  })
  socket.write(opening)
  return socket
}

const nothing = Buffer.alloc(0)
const newline = 0x0a
const closingBrace = 0x7d

function openingOf(way: Way, key: string): string {
  const path = way === 'websocket' ? '/trpc' : way === 'rest' ? '/v1/events/stream' : '/trpc/events.stream'
  const upgrade =
    way === 'websocket'
      ? 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'
      : ''
  const head = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: ${key}\r\n${upgrade}\r\n`
  if (way !== 'websocket') return head
  // One text frame, masked with zeros.
  const text = JSON.stringify({
    id: 1,
    method: 'subscription',
    params: { path: 'events.stream', input: { json: {} } },
  })
  return `${head}\x81${String.fromCharCode(0x80 | text.length)}\0\0\0\0${text}`
}
