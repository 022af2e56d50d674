import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export interface RawUpstream {
  readonly port: number
  /** Every byte that arrived, all connections in order of arrival. */
  readonly received: () => string
  readonly connectionCount: () => number
  readonly sockets: ReadonlySet<Socket>
  close(): Promise<void>
}

/** A service that records raw bytes and answers by hand: `onData` gets the socket and everything it has sent so far. */
export async function startRawUpstream(onData: (socket: Socket, text: string) => void): Promise<RawUpstream> {
  const sockets = new Set<Socket>()
  const chunks: string[] = []
  let connectionCount = 0
  const server = createServer((socket) => {
    connectionCount += 1
    sockets.add(socket)
    let text = ''
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      chunks.push(chunk.toString('latin1'))
      text += chunk.toString('latin1')
      onData(socket, text)
    })
  })
  const port = await listenOn(server)
  return {
    port,
    received: () => chunks.join(''),
    connectionCount: () => connectionCount,
    sockets,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Answers every complete head with the same bytes. */
export function answering(answer: string): (socket: Socket, text: string) => void {
  return (socket, text) => {
    if (text.endsWith('\r\n\r\n')) socket.write(answer, 'latin1')
  }
}

export const okAnswer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

export async function listenOn(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
