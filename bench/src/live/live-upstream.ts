import { createServer, type ServerResponse } from 'node:http'
import { readClockMs } from './clock.ts'

// A program of its own: the app behind the shares that live-stream benches visit. `<port>`
const closedAtMs: number[] = []
const bodyBytes = 10 * 1024 ** 3
const block = Buffer.alloc(64 * 1024, 'x')

const server = createServer({ requestTimeout: 0, keepAliveTimeout: 0 }, (request, response) => {
  if (request.url === '/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
    note(response)
  } else if (request.url === '/body') {
    response.writeHead(200, { 'content-length': bodyBytes, 'content-type': 'application/octet-stream' })
    note(response)
    pour(response)
  } else if (request.url === '/closed') response.end(JSON.stringify(closedAtMs.splice(0)))
  else response.end('ok')
})
server.on('upgrade', (_request, socket) => {
  socket.on('error', () => undefined)
  socket.resume()
  // A server's socket stays half open otherwise.
  socket.on('end', () => socket.destroy())
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
  note(socket)
})

/** When a stream ended here, on the clock that all processes of the machine share. */
function note(stream: NodeJS.WritableStream): void {
  stream.on('close', () => closedAtMs.push(readClockMs()))
}

/** As much as is taken, and nothing ahead of it. */
function pour(response: ServerResponse): void {
  let leftBytes = bodyBytes
  const send = (): void => {
    while (leftBytes > 0 && !response.destroyed) {
      leftBytes -= block.length
      if (!response.write(block)) return
    }
    response.end()
  }
  response.on('drain', send)
  send()
}

server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 })
