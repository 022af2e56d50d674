import { connect, type Socket } from 'node:net'
import type { LocalTargets } from './local-targets.ts'
import type { IncomingStream } from '../mux/incoming-stream.ts'
import type { RefusedCode } from '../mux/stream-codes.ts'
import type { StreamHandler, TunnelStream } from '../mux/tunnel-stream.ts'
import type { TunnelLog } from '../tunnel-log.ts'

export interface ServeStreamOptions {
  readonly targets: LocalTargets
  readonly connectTimeoutMs: number
  readonly log: TunnelLog
}

/**
 * Joins a stream that the hub opened with the local service of that id. The hub names an id and nothing else:
 * what this machine's user did not put in `targets` is refused.
 */
export function serveStream(incoming: IncomingStream, options: ServeStreamOptions): void {
  const { serviceId } = incoming.request
  const target = options.targets.get(serviceId)
  if (target === undefined) {
    options.log.warn({ serviceId }, 'the hub asked for a service that is not shared here')
    return incoming.refuse('not_allowed')
  }
  const socket = connect({ ...target, allowHalfOpen: true, noDelay: true, keepAlive: true })
  awaitConnection(incoming, socket, options)
  joinSocket(incoming.stream, socket)
}

function awaitConnection(incoming: IncomingStream, socket: Socket, options: ServeStreamOptions): void {
  const timer = setTimeout(() => refuse('upstream_timeout'), options.connectTimeoutMs)
  const refuse = (code: RefusedCode): void => {
    clearTimeout(timer)
    incoming.refuse(code)
    socket.destroy()
  }
  const onError = (error: NodeJS.ErrnoException): void => {
    options.log.debug({ serviceId: incoming.request.serviceId, code: error.code }, 'local dial failed')
    refuse(refusedCodes.get(error.code ?? '') ?? 'upstream_failed')
  }
  socket.once('error', onError)
  socket.once('connect', () => {
    clearTimeout(timer)
    socket.off('error', onError)
    incoming.accept()
  })
  socket.once('close', () => clearTimeout(timer))
}

const refusedCodes: ReadonlyMap<string, RefusedCode> = new Map([
  ['ECONNREFUSED', 'upstream_refused'],
  ['ETIMEDOUT', 'upstream_timeout'],
])

/** A plain pipe with half-close both ways; no Duplex between the stream and the socket. */
function joinSocket(stream: TunnelStream, socket: Socket): void {
  stream.setHandler(createSocketHandler(stream, socket))
  let isEnded = false
  socket.on('data', (chunk: Buffer) => {
    if (!stream.write(chunk)) socket.pause()
  })
  socket.on('end', () => {
    isEnded = true
    stream.end()
  })
  socket.on('error', () => stream.reset('upstream_failed'))
  // A connection that was cut must never look like an end to the visitor.
  socket.on('close', () => {
    if (!isEnded) stream.reset('upstream_failed')
  })
}

function createSocketHandler(stream: TunnelStream, socket: Socket): StreamHandler {
  let heldBytes = 0
  let isEnded = false
  socket.on('drain', () => {
    const bytes = heldBytes
    heldBytes = 0
    stream.consumed(bytes)
  })
  return {
    onOpened() {},
    onData(piece) {
      if (socket.write(piece)) stream.consumed(piece.length)
      else heldBytes += piece.length
    },
    onEnd() {
      isEnded = true
      socket.end()
    },
    onDrain() {
      socket.resume()
    },
    onEndSent() {},
    onClose(error) {
      if (error === null) return
      // The visitor left: closed as by a local client. A tunnel that is lost must not look like an end to the service.
      if (isEnded) socket.destroySoon()
      else if (error.code === 'tunnel.failed') socket.resetAndDestroy()
      else socket.destroy()
    },
  }
}
