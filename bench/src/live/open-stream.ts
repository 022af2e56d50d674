import { connect, type Socket } from 'node:net'
import { readClockMs } from './clock.ts'

export type StreamKind = 'websocket' | 'events' | 'body'

export interface LiveStream {
  readonly socket: Socket
  /** When it ended, on the clock of `readClockMs`; null while it is open. */
  readonly closedAtMs: number | null
}

export interface Visited {
  readonly port: number
  readonly sharePath: string
}

const paths = { websocket: '/socket', events: '/events', body: '/body' }
const answers = { websocket: 'HTTP/1.1 101', events: 'data: 1', body: 'HTTP/1.1 200' }
const openTimeoutMs = 60_000

/** Opens a stream through a share and resolves when the app behind it has answered. A body is not read any further. */
export function openStream({ port, sharePath }: Visited, kind: StreamKind): Promise<LiveStream> {
  const socket = connect(port, '127.0.0.1')
  const stream = { socket, closedAtMs: null as number | null }
  const upgrade = kind === 'websocket' ? ['Connection: Upgrade', 'Upgrade: websocket'] : []
  const lines = [`GET ${sharePath}${paths[kind]} HTTP/1.1`, 'Host: 127.0.0.1', ...upgrade, '', '']
  return new Promise((resolve, reject) => {
    let head = ''
    const timer = setTimeout(
      () => socket.destroy(new Error(`no answer: ${head.slice(0, 80)}`)),
      openTimeoutMs,
    )
    socket.on('error', reject)
    socket.on('close', () => {
      stream.closedAtMs = readClockMs()
      reject(new Error(`closed before the answer: ${head.slice(0, 80)}`))
    })
    const onData = (chunk: Buffer): void => {
      head += chunk.toString('latin1')
      if (!head.includes(answers[kind])) return
      clearTimeout(timer)
      socket.off('data', onData)
      if (kind === 'body') socket.pause()
      else socket.resume()
      resolve(stream)
    }
    socket.on('data', onData)
    socket.write(lines.join('\r\n'))
  })
}

/** Opens many, a hundred at a time, the kinds in turn. */
export async function openStreams(
  visited: Visited,
  { count, kinds }: { readonly count: number; readonly kinds: readonly StreamKind[] },
): Promise<LiveStream[]> {
  const streams: LiveStream[] = []
  while (streams.length < count) {
    const first = streams.length
    const batch = Array.from({ length: Math.min(100, count - first) }, (_, at) =>
      openStream(visited, kinds[(first + at) % kinds.length] ?? 'websocket'),
    )
    streams.push(...(await Promise.all(batch)))
  }
  return streams
}
