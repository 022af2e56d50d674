import type { AgentStatus } from '@private-connect/proxy/tunnel'
import type { DesktopState } from '@private-connect/ui/desktop'

export type Connection = Pick<DesktopState, 'connection' | 'trouble'>

/** What tray and window show of the tunnel. A further attempt after a failed one changes nothing until it succeeds. */
export function describeConnection(status: AgentStatus, before: Connection, shareCount: number): Connection {
  if (status.state === 'connected') {
    return { connection: shareCount > 0 ? 'sharing' : 'connected', trouble: null }
  }
  if (status.state === 'connecting' && status.attempt > 1) return before
  if (status.state === 'connecting') return { connection: 'connecting', trouble: null }
  return { connection: 'offline', trouble: status.state === 'waiting' ? status.message : null }
}
