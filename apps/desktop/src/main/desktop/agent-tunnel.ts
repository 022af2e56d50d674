import { startAgent, type Agent, type AgentStatus, type LocalTargets } from '@private-connect/proxy/tunnel'
import type { AgentIdentity } from '@private-connect/sharing'
import type { DesktopPorts } from './desktop.ts'

export interface AgentTunnelOptions {
  readonly hubUrl: string
  readonly ports: Pick<DesktopPorts, 'resolveProxy' | 'appVersion' | 'log'>
  readonly targets: LocalTargets
  readonly onStatus: (status: AgentStatus) => void
}

/** The tunnel of one identity at a time. */
export interface AgentTunnel {
  /** Of the identity that is open already: makes sure that it works, now. */
  open(identity: AgentIdentity): void
  /** Tells the hub that this machine goes away. */
  close(): void
  /** For good: nothing opens it any more, whatever was under way. */
  end(): void
  /** Tells the hub what is served now. */
  targetsChanged(): void
}

export function createAgentTunnel({ hubUrl, ports, targets, onStatus }: AgentTunnelOptions): AgentTunnel {
  let agent: Agent | null = null
  let wanted: AgentIdentity | null = null
  let isEnded = false

  const start = async (identity: AgentIdentity): Promise<void> => {
    const proxyUrl = await ports.resolveProxy(hubUrl).catch(() => undefined)
    if (wanted !== identity) return
    agent = startAgent({
      hubUrl,
      proxyUrl: proxyUrl?.href,
      token: identity.token,
      version: ports.appVersion,
      targets,
      onStatus: (status) => wanted === identity && onStatus(status),
      log: { debug: nothing, info: nothing, warn: (_fields, message) => ports.log.warn(message) },
    })
  }
  const close = (): void => {
    wanted = null
    agent?.close()
    agent = null
  }
  return {
    close,
    end() {
      isEnded = true
      close()
    },
    open(identity) {
      if (isEnded) return
      if (wanted === identity) {
        agent?.reconnectNow()
        return
      }
      close()
      wanted = identity
      start(identity).catch((cause: unknown) => ports.log.warn('The tunnel could not be started.', cause))
    },
    targetsChanged: () => agent?.targetsChanged(),
  }
}

/** The status tells what a person needs; the rest is for who runs the hub. */
const nothing = (): void => undefined
