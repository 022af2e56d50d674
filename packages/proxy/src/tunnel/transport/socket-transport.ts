import type { Duplex } from 'node:stream'
import type { TunnelTransport } from '../mux/tunnel-transport.ts'

/** Above this much that the kernel did not take, the mux holds its frames back and takes turns between streams. */
const backlogBytesMax = 64 * 1024

/** Frames straight on an upgraded socket. Bytes that came with the upgrade (`head`) are put back first. */
export function createSocketTransport(socket: Duplex, head: Buffer): TunnelTransport {
  if (head.length > 0) socket.unshift(head)
  return {
    kind: 'raw',
    start(sink) {
      let cause = 'the connection was closed'
      socket.on('data', (chunk: Buffer) => sink.onData(chunk))
      socket.on('drain', () => sink.onDrain())
      socket.on('end', () => socket.destroy())
      socket.on('error', (error) => {
        cause = error.message
      })
      socket.on('close', () => sink.onClose(cause))
      if (socket.destroyed) process.nextTick(() => sink.onClose(cause))
    },
    send(parts) {
      if (socket.destroyed || socket.writableEnded) return true
      if (parts.length === 1) socket.write(parts[0])
      else writeTogether(socket, parts)
      return socket.writableLength <= backlogBytesMax || !socket.writableNeedDrain
    },
    end() {
      socket.end(() => socket.destroy())
    },
    destroy() {
      socket.destroy()
    },
  }
}

function writeTogether(socket: Duplex, parts: readonly Buffer[]): void {
  socket.cork()
  for (const part of parts) socket.write(part)
  socket.uncork()
}
