import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'

export interface ProxiedApp {
  readonly port: number
  /** Every request that reached it, whatever sent it. */
  readonly received: Array<{ method: string; url: string; body: string; socketPort: number }>
  /** Event streams and uploads that are under way. */
  readonly streams: ServerResponse[]
  readonly uploads: Array<{ bytes: number; isComplete: boolean }>
  close(): Promise<void>
}

type Handler = (request: IncomingMessage, response: ServerResponse, app: ProxiedApp) => void

const handlers: Readonly<Record<string, Handler>> = {
  '/headers': (request, response) => void response.end(JSON.stringify(request.headers)),
  '/events': (_request, response, app) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n')
    app.streams.push(response)
  },
  '/upload': (request, response, app) => {
    const upload = { bytes: 0, isComplete: false }
    app.uploads.push(upload)
    request.on('data', (chunk: Buffer) => (upload.bytes += chunk.length))
    request.once('end', () => {
      upload.isComplete = true
      response.end(String(upload.bytes))
    })
  },
  '/accel': (_request, response) =>
    void response
      .writeHead(200, { 'x-accel-redirect': '/v1/auth/me', 'x-accel-limit-rate': '1' })
      .end('the app itself'),
}

/** An app that tells what reached it, streams events, counts uploads and echoes what an upgrade sends. */
export async function startProxiedApp(): Promise<ProxiedApp> {
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request
    const entry = { method, url, body: '', socketPort: request.socket.remotePort ?? 0 }
    app.received.push(entry)
    const handler = handlers[url.split('?', 1)[0] ?? '']
    if (handler !== undefined) return handler(request, response, app)
    request.setEncoding('utf8').on('data', (chunk: string) => (entry.body += chunk))
    request.once('end', () => response.end(`app ${method} ${url}`))
  })
  server.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
    socket.on('error', () => socket.destroy()).pipe(socket)
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const app: ProxiedApp = {
    port: (server.address() as AddressInfo).port,
    received: [],
    streams: [],
    uploads: [],
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return app
}
