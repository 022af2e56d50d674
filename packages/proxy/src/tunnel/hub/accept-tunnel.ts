import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { AppError } from '@private-connect/errors'
import { WebSocketServer, type WebSocket } from 'ws'
import { systemClock, type Clock } from '../clock.ts'
import { protocolVersion } from '../mux/frame.ts'
import { HubSession } from './hub-session.ts'
import { defaultHeartbeat, type HeartbeatTimes } from '../mux/heartbeat.ts'
import { defaultOpenLimits, type OpenLimits } from '../mux/open-limiter.ts'
import { createSocketTransport } from '../transport/socket-transport.ts'
import type { TunnelLog } from '../tunnel-log.ts'
import { instanceHeader, upgradeProtocol, versionHeader } from '../tunnel-route.ts'
import type { TunnelSession } from './tunnel-session.ts'
import type { TunnelTransport } from '../mux/tunnel-transport.ts'
import {
  createWebSocketTransport,
  webSocketMessageBytesMax,
  webSocketProtocol,
} from '../transport/websocket-transport.ts'

export interface AcceptTunnelOptions {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
  /** Whose token it was; the hub checked `Authorization` before. */
  readonly agentId: string
  /** The hub's own version, shown to the agent's user. */
  readonly version: string
  /** The caller's own for this agent: no line names the agent again. */
  readonly log: TunnelLog
  readonly limits?: Partial<OpenLimits>
  readonly heartbeat?: HeartbeatTimes
  readonly clock?: Clock
}

/**
 * Takes over the socket of an authenticated `GET /v1/tunnel` upgrade, raw or WebSocket, and answers 101.
 * Throws AppError `tunnel.upgrade_required` before touching the socket when the request is no tunnel of a version
 * that this hub speaks; answer that with `refuseUpgrade`.
 */
export function acceptTunnel(options: AcceptTunnelOptions): TunnelSession {
  const { request, agentId, version, log } = options
  checkVersion(request)
  const instanceId = String(request.headers[instanceHeader] ?? '').slice(0, 64)
  return new HubSession({
    agentId,
    instanceId,
    version,
    log,
    transport: acceptTransport(options),
    limits: { ...defaultOpenLimits, ...options.limits },
    heartbeat: options.heartbeat ?? defaultHeartbeat,
    clock: options.clock ?? systemClock,
  })
}

function checkVersion(request: IncomingMessage): void {
  const versions = String(request.headers[versionHeader] ?? '').split(',')
  if (versions.some((text) => text.trim() === String(protocolVersion))) return
  throw new AppError(
    'tunnel.upgrade_required',
    `This hub speaks version ${protocolVersion} of the tunnel protocol. Install a matching Private Connect.`,
    { headers: { [versionHeader]: String(protocolVersion) } },
  )
}

function acceptTransport({ request, socket, head }: AcceptTunnelOptions): TunnelTransport {
  const upgrade = (request.headers.upgrade ?? '').toLowerCase()
  if (request.method === 'GET' && upgrade === upgradeProtocol) return acceptRaw(socket, head)
  if (request.method === 'GET' && upgrade === 'websocket') return acceptWebSocket(request, socket, head)
  throw new AppError('tunnel.upgrade_required', undefined, { headers: { upgrade: upgradeProtocol } })
}

function acceptRaw(socket: Duplex, head: Buffer): TunnelTransport {
  prepareSocket(socket)
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${upgradeProtocol}\r\n` +
      `${versionHeader}: ${protocolVersion}\r\n\r\n`,
  )
  return createSocketTransport(socket, head)
}

function acceptWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer): TunnelTransport {
  const offered = request.headers['sec-websocket-protocol'] ?? ''
  if (!offered.split(',').some((name) => name.trim() === webSocketProtocol))
    throw new AppError('tunnel.upgrade_required')
  prepareSocket(socket)
  let accepted: WebSocket | null = null
  webSocketServer.handleUpgrade(request, socket, head, (webSocket) => {
    accepted = webSocket
  })
  // ws answers a malformed handshake itself, without calling back.
  if (accepted === null) throw new AppError('tunnel.upgrade_required')
  return createWebSocketTransport(accepted)
}

const webSocketServer = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: webSocketMessageBytesMax,
  handleProtocols: () => webSocketProtocol,
})

/** The HTTP server's idle limit no longer applies, and small frames must leave at once. */
function prepareSocket(socket: Duplex): void {
  if ('setTimeout' in socket) (socket as Duplex & { setTimeout(ms: number): void }).setTimeout(0)
  if ('setNoDelay' in socket) (socket as Duplex & { setNoDelay(on: boolean): void }).setNoDelay(true)
}
