import { isLoopbackHost } from '@private-connect/sharing'
import type { ListeningPort } from '@private-connect/ui/desktop'
import type { Account } from './account.ts'
import type { Desktop, DesktopPorts } from './desktop.ts'
import type { StateStore } from './state-store.ts'

export interface PortActionsOptions {
  readonly ports: DesktopPorts
  readonly store: StateStore
  readonly account: Account
}

/** What a person does with ports and shares. */
export function createPortActions({
  ports,
  store,
  account,
}: PortActionsOptions): Pick<Desktop, 'listPorts' | 'sharePort' | 'revokeShare' | 'extendShare'> {
  let listed: readonly ListeningPort[] = []
  return {
    async listPorts() {
      const { hubUrl, ignoredProcesses } = store.get().settings
      const ignored = new Set(ignoredProcesses)
      listed = await ports.listListeningPorts()
      return listed.filter(
        ({ port, processName }) => !ignored.has(processName ?? '') && port !== localPortOf(hubUrl),
      )
    },
    async sharePort(input) {
      const seen = listed.find(({ port }) => port === input.port)
      const share = await account.workspace().sharePort(input, seen)
      ports.writeClipboard(share.url ?? '')
      ports.notifyShared(share)
      return share
    },
    revokeShare: async (shareId) => account.workspace().revokeShare(shareId),
    extendShare: async (shareId, by) => account.workspace().extendShare(shareId, by),
  }
}

/** Null for a hub on another machine. */
function localPortOf(hubUrl: string): number | null {
  const { hostname, port, protocol } = new URL(hubUrl)
  if (!isLoopbackHost(hostname)) return null
  return Number(port || (protocol === 'https:' ? 443 : 80))
}
