import { event as knownEvent, type Event } from '@private-connect/api/contracts'
import { createActiveShares, type ActiveShares } from './active-shares.ts'
import type { DesktopPorts } from './desktop.ts'
import { createHubApi, type HubApi } from './hub-api.ts'
import { startLiveEvents, type LiveEvents } from './live-events.ts'
import { createMachineAgent, type MachineAgent } from './machine-agent.ts'
import { onRefusal } from './on-refusal.ts'
import type { ShareLinks } from './share-links.ts'
import type { StateStore } from './state-store.ts'
import { authorizationOf, type Session, type StoredRecords } from './stored-records.ts'
import { watchTunnel, type TunnelWatch } from './watch-tunnel.ts'

export interface WorkspaceOptions {
  readonly ports: DesktopPorts
  readonly store: StateStore
  readonly records: StoredRecords
  readonly links: ShareLinks
  readonly session: Session
  readonly onEvent: (event: Event) => void
  /** The hub no longer takes the credential. */
  readonly onSessionEnded: () => void
}

export interface WorkspaceParts {
  readonly api: HubApi
  readonly agent: MachineAgent
  readonly shares: ActiveShares
  readonly live: LiveEvents
}

/** The tunnel, the events and the open shares, each told of what the others find out. */
export function startWorkspaceParts(options: WorkspaceOptions): WorkspaceParts {
  const { ports, store, session } = options
  const connection = { hubUrl: session.hubUrl, fetch: ports.fetch, authorization: authorizationOf(session) }
  const api = onRefusal(createHubApi(connection), options.onSessionEnded)
  const agent = createMachineAgent({
    api,
    record: options.records.machine,
    ports,
    onStatus: (status) => tunnel.changed(status),
  })
  const shares = createActiveShares({
    api,
    agent,
    links: options.links,
    nowMs: ports.nowMs,
    onChange(list) {
      store.update({ shares: [...list] })
      tunnel.show()
    },
  })
  const refresh = (): void => {
    shares.refresh().catch((cause: unknown) => ports.log.warn('The shares could not be read.', cause))
  }
  const tunnel: TunnelWatch = watchTunnel({ agent, store, log: ports.log, onForgotten: refresh })
  const live = startLiveEvents({
    api,
    onEvent(event) {
      // One that this version does not know, or that no hub tells, is nobody's.
      const known = knownEvent.safeParse(event)
      if (!known.success) return
      shares.heard(known.data)
      options.onEvent(known.data)
    },
    onOpen() {
      void tunnel.ensure()
      refresh()
    },
    // Says whether the credential is the reason.
    onLost: () => void api.call(async ({ auth }) => auth.me.query({})).catch(() => undefined),
  })
  void tunnel.ensure()
  return { api, agent, shares, live }
}
