import type { AgentStatus } from '@private-connect/proxy/tunnel'
import { toFailure } from '@private-connect/sharing'
import { describeConnection } from './describe-connection.ts'
import type { DesktopPorts } from './desktop.ts'
import type { MachineAgent } from './machine-agent.ts'
import type { StateStore } from './state-store.ts'

export interface TunnelWatch {
  changed(status: AgentStatus): void
  /** Shows it again, as for another number of shares. */
  show(): void
  /** Registers this machine where it must be, and opens the tunnel; what fails is shown. */
  ensure(): Promise<void>
}

export interface TunnelWatchOptions {
  readonly agent: Pick<MachineAgent, 'ensure' | 'forget'>
  readonly store: StateStore
  readonly log: DesktopPorts['log']
  /** Its services and shares are gone. */
  readonly onForgotten: () => void
}

/** Shows how the tunnel is, and registers this machine anew where the hub has forgotten it. */
export function watchTunnel({ agent, store, log, onForgotten }: TunnelWatchOptions): TunnelWatch {
  let status: AgentStatus = { state: 'connecting', attempt: 1 }
  /** A hub that refuses even a new agent is not asked for another one. */
  let mayRegisterAnew = true

  const show = (): void => store.update(describeConnection(status, store.get(), store.get().shares.length))
  const ensure = async (): Promise<void> =>
    agent.ensure().catch((cause: unknown) => {
      store.update({ connection: 'offline', trouble: toFailure(cause).message })
    })
  const registerAnew = async (): Promise<void> => {
    mayRegisterAnew = false
    log.info('The hub has forgotten this machine, which registers anew.')
    await agent.forget()
    await ensure()
    onForgotten()
  }
  return {
    show,
    ensure,
    changed(changed) {
      status = changed
      if (status.state === 'connected') mayRegisterAnew = true
      const isForgotten = status.state === 'waiting' && status.reason === 'unauthorized'
      if (!isForgotten || !mayRegisterAnew) return show()
      registerAnew().catch((cause: unknown) => log.warn('This machine could not be registered anew.', cause))
    },
  }
}
