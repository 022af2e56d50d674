import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { probePort } from './probe-port.ts'

const servers: Server[] = []
const sockets: Socket[] = []

async function listen(onConnection: (socket: Socket) => void, host = '127.0.0.1'): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => socket.destroy())
    onConnection(socket)
  })
  servers.push(server.listen(0, host))
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})

describe('probePort', () => {
  it('asks for the first page, with a host that development servers accept', async () => {
    let request = ''
    const port = await listen((socket) =>
      socket.on('data', (chunk) => {
        request += chunk.toString()
        socket.end('HTTP/1.1 200 OK\r\n\r\nhello')
      }),
    )
    const answer = await probePort({ hosts: ['127.0.0.1'], port })
    expect(answer).toEqual({ host: '127.0.0.1', text: 'HTTP/1.1 200 OK\r\n\r\nhello' })
    expect(request).toMatch(new RegExp(`^GET / HTTP/1\\.1\r\nHost: 127\\.0\\.0\\.1:${port}\r\n`))
  })

  it('says nothing to whoever speaks first', async () => {
    let received = 0
    const port = await listen((socket) => {
      socket.on('data', ({ length }) => (received += length))
      socket.write('SSH-2.0-Test\r\n')
    })
    expect((await probePort({ hosts: ['127.0.0.1'], port, greetingMs: 500 }))?.text).toBe('SSH-2.0-Test\r\n')
    expect(received).toBe(0)
  })

  it('tries the next host where nobody is', async () => {
    const port = await listen((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'), '::1')
    expect((await probePort({ hosts: ['127.0.0.1', '::1'], port }))?.host).toBe('::1')
  })

  it('is null where nobody is at all', async () => {
    const port = await listen(() => undefined)
    servers.pop()?.close()
    expect(await probePort({ hosts: ['127.0.0.1'], port })).toBeNull()
  })

  it('does not wait for the silent, nor read all of the talkative', async () => {
    const silent = await listen(() => undefined)
    const startedMs = performance.now()
    expect((await probePort({ hosts: ['127.0.0.1'], port: silent, timeoutMs: 200 }))?.text).toBe('')
    expect(performance.now() - startedMs).toBeLessThan(2000)
    const talkative = await listen((socket) => {
      const more = () => socket.write(Buffer.alloc(64 * 1024, 'x')) && setImmediate(more)
      socket.on('drain', more)
      socket.once('data', more)
    })
    const answer = await probePort({ hosts: ['127.0.0.1'], port: talkative, timeoutMs: 20_000 })
    expect(answer?.text.length).toBeGreaterThanOrEqual(32 * 1024)
    expect(answer?.text.length).toBeLessThan(1024 * 1024)
  })
})
