import type { AgentIdentities } from '@private-connect/sharing'
import type { HubClient } from '../hub/hub-client.ts'
import type { HubSessions } from '../identity/hub-sessions.ts'
import type { StopSignals } from '../stop-signals.ts'
import type { Presenter } from '../terminal/presenter.ts'

/** What every command gets; `program.ts` makes it from the environment and the options. */
export interface CommandContext {
  readonly hub: HubClient
  /** The HTTP proxy between here and the hub. */
  readonly proxyUrl: URL | undefined
  readonly identities: AgentIdentities
  readonly sessions: HubSessions
  readonly presenter: Presenter
  /** From now on signals ask the command to end instead of ending it; for commands that have something to give back. */
  readonly listenForStop: () => StopSignals
  readonly hostName: string
}
