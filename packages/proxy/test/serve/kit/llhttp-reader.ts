import { request, type IncomingMessage } from 'node:http'
import { createServer, type Server } from 'node:net'
import { listenOn } from './raw-upstream.ts'

export interface ReferenceReading {
  readonly isComplete: boolean
  readonly status: number
  readonly reason: string
  readonly rawHeaders: readonly string[]
  readonly body: string
}

export interface LlhttpReader {
  /** What Node's own client makes of an answer of exactly these bytes (latin1), behind which the connection ends. */
  read(bytes: string, method: string): Promise<ReferenceReading>
  close(): void
}

const nothing: ReferenceReading = { isComplete: false, status: 0, reason: '', rawHeaders: [], body: '' }

/** Plays bytes over a real socket to http.request, whose parser is llhttp. */
export async function startLlhttpReader(): Promise<LlhttpReader> {
  let played = ''
  const server: Server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', () => socket.end(played, 'latin1'))
    socket.resume()
  })
  const port = await listenOn(server)
  return {
    read(bytes, method) {
      played = bytes
      return new Promise((resolve) => {
        const sent = request({ host: '127.0.0.1', port, method, agent: false, maxHeaderSize: 70_000 })
        sent.on('error', () => resolve(nothing))
        sent.on('upgrade', (_answer, socket) => {
          socket.destroy()
          resolve(nothing)
        })
        sent.on('response', (answer) => collect(answer, resolve))
        sent.end()
      })
    },
    close: () => server.close(),
  }
}

function collect(answer: IncomingMessage, resolve: (reading: ReferenceReading) => void): void {
  let body = ''
  answer.on('data', (piece: Buffer) => (body += piece.toString('latin1')))
  answer.on('error', () => undefined)
  answer.on('close', () => {
    resolve({
      isComplete: answer.complete,
      status: answer.statusCode ?? 0,
      reason: answer.statusMessage ?? '',
      rawHeaders: answer.rawHeaders,
      body,
    })
  })
}
