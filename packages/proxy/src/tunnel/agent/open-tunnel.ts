import { classifyAnswer, isWebSocketWorthTrying } from './classify-answer.ts'
import { toAttemptError } from './attempt-error.ts'
import { connectHub, type HubRoute } from './connect-hub.ts'
import { protocolVersion } from '../mux/frame.ts'
import { instanceHeader, versionHeader } from '../tunnel-route.ts'
import type { TunnelTransport } from '../mux/tunnel-transport.ts'
import { upgradeRaw, upgradeWebSocket, type UpgradeAnswer } from './upgrade-hub.ts'

export interface OpenTunnelOptions extends HubRoute {
  readonly token: string
  readonly instanceId: string
  /** `auto` tries the raw upgrade first; what worked last is tried first next time. */
  readonly transport: 'auto' | 'raw' | 'websocket'
  readonly signal: AbortSignal
}

/** One attempt to reach the hub, raw first and as WebSocket where only that passes. Throws AttemptError. */
export async function openTunnel(options: OpenTunnelOptions): Promise<TunnelTransport> {
  try {
    if (options.transport === 'websocket') return await upgrade(options, upgradeWebSocket)
    const answer = await request(options, upgradeRaw)
    if (isTransport(answer)) return answer
    if (options.transport === 'auto' && isWebSocketWorthTrying(answer))
      return await upgrade(options, upgradeWebSocket)
    throw classifyAnswer(answer)
  } catch (error) {
    throw toAttemptError(error)
  }
}

async function upgrade(options: OpenTunnelOptions, by: typeof upgradeRaw): Promise<TunnelTransport> {
  const answer = await request(options, by)
  if (isTransport(answer)) return answer
  throw classifyAnswer(answer)
}

async function request(
  options: OpenTunnelOptions,
  by: typeof upgradeRaw,
): Promise<TunnelTransport | UpgradeAnswer> {
  const { hubUrl, signal, token, instanceId } = options
  const socket = await connectHub(options, signal)
  const headers = {
    authorization: `Bearer ${token}`,
    [versionHeader]: String(protocolVersion),
    [instanceHeader]: instanceId,
  }
  return by({ socket, host: hubUrl.host, headers, signal })
}

function isTransport(answer: TunnelTransport | UpgradeAnswer): answer is TunnelTransport {
  return 'send' in answer
}
