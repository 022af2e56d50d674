import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import { createSocketTransport } from '../transport/socket-transport.ts'
import type { TunnelTransport } from '../mux/tunnel-transport.ts'
import { tunnelPath, upgradeProtocol, versionHeader } from '../tunnel-route.ts'
import {
  createWebSocketTransport,
  webSocketMessageBytesMax,
  webSocketProtocol,
} from '../transport/websocket-transport.ts'

/** What came back instead of a tunnel. Status 0: the connection was closed without an answer. */
export interface UpgradeAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
}

export interface UpgradeRequest {
  readonly socket: Socket
  /** `host[:port]` of the hub. */
  readonly host: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** Asks for the raw upgrade on a connection that is ready. */
export function upgradeRaw(upgrade: UpgradeRequest): Promise<TunnelTransport | UpgradeAnswer> {
  const { socket, host, headers, signal } = upgrade
  return new Promise((resolve) => {
    const request = httpRequest({
      createConnection: () => socket,
      path: tunnelPath,
      headers: { host, ...headers, connection: 'Upgrade', upgrade: upgradeProtocol },
      signal,
    })
    request.once('upgrade', (response, upgraded: Socket, head) => {
      const isOurs = String(response.headers.upgrade).toLowerCase() === upgradeProtocol
      if (isOurs && response.headers[versionHeader] !== undefined)
        return resolve(createSocketTransport(upgraded, head))
      upgraded.destroy()
      resolve({ status: 501, headers: response.headers })
    })
    request.once('response', (response) => resolve(takeAnswer(response, socket)))
    request.once('error', () => resolve({ status: 0, headers: {} }))
    request.end()
  })
}

/** The same frames in WebSocket messages. The mask is zero: it protects careless proxies, and costs a pass over every byte. */
export function upgradeWebSocket(upgrade: UpgradeRequest): Promise<TunnelTransport | UpgradeAnswer> {
  const { socket, host, headers, signal } = upgrade
  return new Promise((resolve) => {
    const webSocket = new WebSocket(`ws://${host}${tunnelPath}`, [webSocketProtocol], {
      createConnection: () => socket,
      headers: { ...headers },
      perMessageDeflate: false,
      followRedirects: false,
      maxPayload: webSocketMessageBytesMax,
      generateMask: (mask) => mask.fill(0),
    })
    const abort = (): void => webSocket.terminate()
    signal.addEventListener('abort', abort, { once: true })
    webSocket.once('open', () => {
      signal.removeEventListener('abort', abort)
      resolve(createWebSocketTransport(webSocket))
    })
    webSocket.once('unexpected-response', (_request, response) => resolve(takeAnswer(response, socket)))
    webSocket.on('error', () => resolve({ status: 0, headers: {} }))
  })
}

/** Status and headers are enough; whatever page follows is not read. */
function takeAnswer(response: IncomingMessage, socket: Socket): UpgradeAnswer {
  socket.destroy()
  return { status: response.statusCode ?? 0, headers: response.headers }
}
