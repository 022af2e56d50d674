import { createServer, type Server } from 'node:http'
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net'
import type { Duplex } from 'node:stream'
import type { AppError } from '@private-connect/errors'
import { vi } from 'vitest'
import {
  acceptTunnel,
  createTunnelRegistry,
  dialTunnel,
  refuseUpgrade,
  startAgent,
  type AcceptTunnelOptions,
  type Agent,
  type AgentStatus,
  type LocalTarget,
  type StartAgentOptions,
  type StreamKind,
  type TunnelLog,
  type TunnelRegistry,
} from '../../../src/tunnel/index.ts'

export const silentLog: TunnelLog = { debug() {}, info() {}, warn() {} }
export const transports = ['raw', 'websocket'] as const
export type Transport = (typeof transports)[number]

const cleanups: (() => unknown)[] = []

/** Undoes what the rig started, newest first; for afterEach. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
}

export function onCleanUp(cleanup: () => unknown): void {
  cleanups.push(cleanup)
}

export interface Hub {
  readonly server: Server
  readonly url: string
  readonly port: number
  readonly registry: TunnelRegistry
  /** Status that the next upgrades get instead of a tunnel; null lets them in. */
  refusal: AppError | null
  /** Milliseconds (performance.now) at which upgrades arrived. */
  readonly upgradesAtMs: number[]
  dial(serviceId: string, kind?: StreamKind): Promise<Duplex>
  close(): Promise<void>
  /** As if its process had died: connections break without a word. */
  crash(): Promise<void>
}

export interface HubOptions {
  readonly server?: Server
  readonly port?: number
  readonly registry?: TunnelRegistry
  readonly accept?: Partial<AcceptTunnelOptions>
}

/** A hub that takes any token; the agent's id is the token. */
export async function startHub(options: HubOptions = {}): Promise<Hub> {
  const registry = options.registry ?? createTunnelRegistry()
  const server = options.server ?? createServer((_request, response) => response.writeHead(426).end())
  const sockets = new Set<Duplex>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const upgradesAtMs: number[] = []
  const dial = dialTunnel(registry)
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const hub: Hub = {
    server,
    port,
    registry,
    upgradesAtMs,
    refusal: null,
    url: `http://127.0.0.1:${port}`,
    async dial(serviceId, kind = 'upgrade') {
      const { signal } = new AbortController()
      const stream = await dial({ id: serviceId, agentId: 'agent_1' }, { shareId: 'share_1', kind, signal })
      // Cut when the rig is taken down.
      stream.on('error', () => {})
      return stream
    },
    async close() {
      registry.close()
      await hub.crash()
    },
    async crash() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  server.on('upgrade', (request, socket, head) => {
    upgradesAtMs.push(performance.now())
    try {
      if (hub.refusal !== null) throw hub.refusal
      const agentId = (request.headers.authorization ?? '').replace('Bearer ', '')
      const common = { request, socket, head, version: '9.9.9', log: silentLog }
      registry.add(acceptTunnel({ ...common, agentId, ...options.accept }))
    } catch (error) {
      refuseUpgrade(socket, error as AppError, 'req_1')
    }
  })
  onCleanUp(() => hub.close())
  return hub
}

export interface RigAgent extends Agent {
  readonly statuses: AgentStatus[]
  readonly targets: Map<string, LocalTarget>
}

export function startRigAgent(
  hubUrl: string,
  targets: Readonly<Record<string, number>> = {},
  options: Partial<StartAgentOptions> = {},
): RigAgent {
  const statuses: AgentStatus[] = []
  const map = new Map<string, LocalTarget>()
  for (const [id, port] of Object.entries(targets)) map.set(id, { host: '127.0.0.1', port })
  const agent = startAgent({
    hubUrl,
    token: 'agent_1',
    version: '1.2.3',
    targets: map,
    onStatus: (status) => statuses.push(status),
    log: silentLog,
    ...options,
  })
  onCleanUp(() => agent.close())
  return {
    statuses,
    targets: map,
    get status() {
      return agent.status
    },
    reconnectNow: () => agent.reconnectNow(),
    targetsChanged: () => agent.targetsChanged(),
    close: () => agent.close(),
  }
}

export async function untilConnected(agent: Agent): Promise<void> {
  await vi.waitFor(() => {
    if (agent.status.state !== 'connected') throw new Error(`agent is ${JSON.stringify(agent.status)}`)
  }, 20_000)
}

/** A local service on a port of its own; answers that port. */
export async function startService(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server: TcpServer = createTcpServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onCleanUp(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

export function startEcho(): Promise<number> {
  return startService((socket) => socket.pipe(socket))
}

export async function readAll(stream: Duplex): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Resolves with the error that destroys the stream, or null when it closes without one. */
export function closeOf(stream: Duplex): Promise<Error | null> {
  return new Promise((resolve) => {
    let failure: Error | null = null
    stream.on('error', (error) => {
      failure = error
    })
    stream.on('close', () => resolve(failure))
    stream.resume()
  })
}
