import type { RawData, WebSocket } from 'ws'
import { payloadBytesMax } from '../mux/frame.ts'
import type { TransportSink, TunnelTransport } from '../mux/tunnel-transport.ts'

export const webSocketProtocol = 'private-connect-tunnel'
/** A message holds frames of one turn or a piece of them; nobody sends larger ones. */
export const webSocketMessageBytesMax = 4 * payloadBytesMax
const backlogBytesMax = 64 * 1024

/** Frames in binary WebSocket messages: their payloads in order are the byte stream, boundaries mean nothing. */
export function createWebSocketTransport(socket: WebSocket): TunnelTransport {
  let sink: TransportSink | null = null
  // Messages that come before `start` must wait.
  if (socket.readyState === socket.OPEN) socket.pause()
  let isDrainAwaited = false
  const onSent = (): void => {
    if (!isDrainAwaited || socket.bufferedAmount > 0) return
    isDrainAwaited = false
    sink?.onDrain()
  }
  return {
    kind: 'websocket',
    start(newSink) {
      sink = newSink
      receive(socket, newSink)
      socket.resume()
    },
    send(parts) {
      if (socket.readyState !== socket.OPEN) return true
      for (const part of parts) socket.send(part, { binary: true, fin: true }, onSent)
      isDrainAwaited = socket.bufferedAmount > backlogBytesMax
      return !isDrainAwaited
    },
    end() {
      socket.close(1000)
    },
    destroy() {
      socket.terminate()
    },
  }
}

function receive(socket: WebSocket, sink: TransportSink): void {
  let cause = 'the connection was closed'
  socket.on('message', (data: RawData, isBinary) => {
    if (isBinary && Buffer.isBuffer(data)) sink.onData(data)
    else socket.terminate()
  })
  socket.on('error', (error) => {
    cause = error.message
  })
  socket.on('close', () => sink.onClose(cause))
  if (socket.readyState === socket.CLOSED) process.nextTick(() => sink.onClose(cause))
}
