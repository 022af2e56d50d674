import { setTimeout as delay } from 'node:timers/promises'
import { Failure } from '@private-connect/sharing'
import type { DesktopInput, DesktopShare, ListeningPort } from '@private-connect/ui/desktop'
import type { ActiveShares } from './active-shares.ts'
import type { Extension } from './desktop.ts'
import type { ShareLinks } from './share-links.ts'
import { sharePort } from './share-port.ts'
import { createQueue } from './single-flight.ts'
import type { Session } from './stored-records.ts'
import { startWorkspaceParts, type WorkspaceOptions, type WorkspaceParts } from './workspace-parts.ts'

/** All that lives while somebody is signed in. */
export interface Workspace {
  readonly session: Session
  readonly shares: Pick<ActiveShares, 'relink'>
  sharePort(input: DesktopInput<'ports:share'>, seen: ListeningPort | undefined): Promise<DesktopShare>
  revokeShare(shareId: string): Promise<void>
  extendShare(shareId: string, by: Extension): Promise<void>
  suspend(): void
  resume(): void
  close(): void
  /** Ends at the hub what this machine and session are there, as far as the hub answers soon. After `close`. */
  leave(): Promise<void>
}

const leaveWithinMs = 3000

export function openWorkspace(options: WorkspaceOptions): Workspace {
  const { session, ports } = options
  let isClosed = false
  const parts = startWorkspaceParts({
    ...options,
    onSessionEnded: () => (isClosed ? undefined : options.onSessionEnded()),
  })
  const { shares, agent, live } = parts
  return {
    session,
    shares,
    ...createShareActions(parts, { ...options, links: whileOpen(options.links, () => !isClosed) }),
    suspend() {
      live.pause()
      agent.suspend()
      options.store.update({ connection: 'offline', trouble: 'This machine has no network.' })
    },
    resume() {
      agent.resume()
      live.restart()
    },
    close() {
      isClosed = true
      live.close()
      shares.close()
      agent.close()
    },
    leave: async () =>
      Promise.race([
        leaveHub(parts, session).catch((cause: unknown) => ports.log.warn('The hub was not told.', cause)),
        delay(leaveWithinMs, undefined, { ref: false }),
      ]),
  }
}

/** What comes of a share that was under way when somebody signed out is not written down. */
function whileOpen(links: ShareLinks, isOpen: () => boolean): ShareLinks {
  return {
    ...links,
    async keep(shareId, url) {
      if (!isOpen()) throw new Failure('credentialsRefused', 'You signed out meanwhile.')
      await links.keep(shareId, url)
    },
  }
}

function createShareActions(
  { api, agent, shares }: WorkspaceParts,
  { ports, store, links }: WorkspaceOptions,
): Pick<Workspace, 'sharePort' | 'revokeShare' | 'extendShare'> {
  const inTurn = createQueue()
  const { hostName } = ports
  const onUnkept = (cause: unknown): void => ports.log.warn('A link could not be kept.', cause)
  return {
    async sharePort(input, seen) {
      const { defaultExpiry } = store.get().settings
      return sharePort({ api, agent, shares, links, hostName, defaultExpiry, seen, inTurn, onUnkept }, input)
    },
    async revokeShare(shareId) {
      await api.call(async (client) => client.shares.revoke.mutate({ id: shareId }))
      shares.remove(shareId)
      await links.forget(shareId)
    },
    async extendShare(shareId, by) {
      shares.changed(
        await api.call(async (client) => client.shares.update.mutate({ id: shareId, expiresIn: by })),
      )
    },
  }
}

/** The identity is about to be forgotten here: nobody could ever serve its services again. */
async function leaveHub({ api, agent }: WorkspaceParts, session: Session): Promise<void> {
  const { agentId } = agent
  if (agentId !== null) await api.call(async ({ agents }) => agents.delete.mutate({ id: agentId }))
  if (session.kind === 'session') await api.call(async ({ auth }) => auth.logout.mutate({}))
}
