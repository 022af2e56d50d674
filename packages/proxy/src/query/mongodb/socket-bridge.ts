import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'

export interface SocketBridge {
  /** Of a Unix socket that leads to the dial, and to nothing else. */
  readonly path: string
  /** Why the last dial failed; null when none did. */
  readonly failure: unknown
  close(): Promise<void>
}

export interface BridgeOptions {
  readonly dial: () => Promise<Duplex>
  /** What looks at all that the database sends, one for each connection. */
  readonly guard: () => Duplex
}

/**
 * A way to a dialled stream for the MongoDB driver, which opens its sockets itself: a Unix socket in a folder that only
 * this process' user may enter, for as long as one query takes. Each connection to it is one dial.
 */
export async function openBridge({ dial, guard }: BridgeOptions): Promise<SocketBridge> {
  const folder = await mkdtemp(join(tmpdir(), 'pc-bridge-'))
  const open = new Set<Duplex>()
  const state: { failure: unknown; isClosed: boolean } = { failure: null, isClosed: false }
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    if (state.isClosed) socket.destroy()
    hold(socket, open)
    dial().then(
      (stream) => joinStreams(socket, hold(stream, open), hold(guard(), open)),
      (error: unknown) => {
        state.failure = error
        socket.destroy()
      },
    )
  })
  // By this ending the driver knows a socket's path; without it, it would dial its default port.
  const path = join(folder, 's.sock')
  await listen(server, path)
  return {
    path,
    get failure() {
      return state.failure
    },
    async close() {
      state.isClosed = true
      server.close()
      for (const stream of open) stream.destroy()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
}

function hold(stream: Duplex, open: Set<Duplex>): Duplex {
  open.add(stream)
  stream.once('close', () => open.delete(stream))
  stream.on('error', () => stream.destroy())
  return stream
}

function joinStreams(socket: Socket, stream: Duplex, guard: Duplex): void {
  socket.once('close', () => stream.destroy())
  guard.once('close', () => stream.destroy())
  stream.once('close', () => socket.destroy())
  socket.pipe(stream)
  stream.pipe(guard).pipe(socket)
  socket.resume()
}
