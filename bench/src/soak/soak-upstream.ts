import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import { createTagPattern, readPattern } from './tag-pattern.ts'

// A program of its own: the app behind the soak's shares. `<port>`
const server = createServer({ requestTimeout: 0 }, (request, response) => {
  const tag = String(request.headers['x-soak-tag'])
  response.setHeader('x-soak-tag', tag)
  if (request.method === 'PUT') receive(request, response, tag)
  else send(request, response, tag)
})

/** Answers with as many bytes of the tag's pattern as the query asks for, after the pause that it asks for. */
function send(request: IncomingMessage, response: ServerResponse, tag: string): void {
  const query = new URLSearchParams(request.url?.split('?')[1])
  const bytes = Number(query.get('bytes'))
  response.setHeader('content-length', bytes)
  const pause = setTimeout(
    () => pipeline(readPattern(tag, bytes), response, () => {}),
    Number(query.get('pauseMs')),
  )
  response.on('close', () => clearTimeout(pause))
}

/** Reads an upload and says how many bytes came and whether all of them belonged to its tag. */
function receive(request: IncomingMessage, response: ServerResponse, tag: string): void {
  const pattern = createTagPattern(tag)
  let offset = 0
  let isOwn = true
  request.on('data', (chunk: Buffer) => {
    isOwn &&= pattern.matches(chunk, offset)
    offset += chunk.length
  })
  request.on('end', () => response.end(JSON.stringify({ bytes: offset, isOwn })))
  request.on('error', () => {}) // the visitor left: that is part of the traffic
}

/** After the handshake every byte goes back as it came: what crosses streams would not. */
server.on('upgrade', (request, socket, head) => {
  const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
  const accept = createHash('sha1').update(key).digest('base64')
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
  socket.write(`${[...lines, `Sec-WebSocket-Accept: ${accept}`].join('\r\n')}\r\n\r\n`)
  socket.write(head)
  socket.pipe(socket)
  socket.on('error', () => {}) // the visitor left
})

server.listen(Number(process.argv[2]), '127.0.0.1')
