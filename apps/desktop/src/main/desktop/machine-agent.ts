import type { AgentStatus, LocalTarget } from '@private-connect/proxy/tunnel'
import {
  HubRefusal,
  sanitizeServiceName,
  type AgentIdentities,
  type AgentIdentity,
} from '@private-connect/sharing'
import { createAgentTunnel, type AgentTunnel } from './agent-tunnel.ts'
import type { DesktopPorts } from './desktop.ts'
import type { HubApi } from './hub-api.ts'
import { openMachine, type StoredMachine } from './stored-machine.ts'
import type { Machine, StoredRecord } from './stored-records.ts'

export interface MachineAgentOptions {
  readonly api: HubApi
  readonly record: StoredRecord<Machine>
  readonly ports: Pick<DesktopPorts, 'resolveProxy' | 'hostName' | 'appVersion' | 'log'>
  readonly onStatus: (status: AgentStatus) => void
}

/** This machine's one agent at this hub: its identity, its tunnel, and what it serves. */
export interface MachineAgent {
  /** As `registerOwnService` uses it. */
  readonly identities: AgentIdentities
  readonly targets: ReadonlyMap<string, LocalTarget>
  readonly agentId: string | null
  /** Registers this machine where it has no identity in this workspace, and opens the tunnel. */
  ensure(): Promise<void>
  /** Drops the identity and what was served by it. */
  forget(): Promise<void>
  /** From now on the tunnel serves this. */
  serve(serviceId: string, target: LocalTarget): Promise<void>
  stopServing(serviceIds: readonly string[]): Promise<void>
  /** Tells the hub that this machine is away. */
  suspend(): void
  resume(): void
  /** For good: nothing is opened or stored any more, whatever was under way. */
  close(): void
}

export function createMachineAgent({ api, record, ports, onStatus }: MachineAgentOptions): MachineAgent {
  const machine = openMachine(api.hubUrl, record)
  const { targets } = machine
  const tunnel = createAgentTunnel({ hubUrl: api.hubUrl, ports, targets, onStatus })
  let ensuring: Promise<void> | null = null

  const adopt = async (identity: AgentIdentity): Promise<void> => {
    const saved = machine.become(identity)
    tunnel.open(identity)
    await saved
  }
  const forget = async (): Promise<void> => {
    tunnel.close()
    await machine.become(null)
  }
  const ensure = createEnsure({ api, hostName: ports.hostName, machine, tunnel, adopt, forget })
  return {
    identities: {
      claim: async () => machine.identity(),
      add: async (_hubUrl, added) => adopt(added),
      release: async () => undefined,
      forget: async (_hubUrl, agentId) => (machine.identity()?.agentId === agentId ? forget() : undefined),
    },
    targets,
    get agentId() {
      return machine.identity()?.agentId ?? null
    },
    async ensure() {
      ensuring ??= ensure().finally(() => (ensuring = null))
      return ensuring
    },
    forget,
    ...createServing(machine, tunnel),
    suspend: () => tunnel.close(),
    close() {
      machine.close()
      tunnel.end()
    },
    resume() {
      const identity = machine.identity()
      if (identity !== null) tunnel.open(identity)
    },
  }
}

interface EnsureParts {
  readonly api: HubApi
  readonly hostName: string
  readonly machine: StoredMachine
  readonly tunnel: AgentTunnel
  readonly adopt: (identity: AgentIdentity) => Promise<void>
  readonly forget: () => Promise<void>
}

function createEnsure({ api, hostName, machine, tunnel, adopt, forget }: EnsureParts): () => Promise<void> {
  let checked: AgentIdentity | null = null
  const register = async (): Promise<void> => {
    const name = sanitizeServiceName(hostName)
    const { agent, token } = await api.call(async ({ agents }) => agents.register.mutate({ name }))
    checked = { agentId: agent.id, token }
    await adopt(checked)
  }
  return async () => {
    const identity = machine.identity()
    if (identity === null) return register()
    tunnel.open(identity)
    if (identity === checked) return
    const isOurs = await isOurAgent(api, identity.agentId)
    if (isOurs) checked = identity
    else if (machine.identity() === identity) await forget()
    if (machine.identity() === null) await register()
  }
}

/** Whether the one who is signed in has it: another workspace of the same hub may have been open before. */
async function isOurAgent(api: HubApi, agentId: string): Promise<boolean> {
  try {
    await api.call(async ({ agents }) => agents.get.query({ id: agentId }))
    return true
  } catch (cause) {
    if (cause instanceof HubRefusal && cause.code === 'agent.not_found') return false
    throw cause
  }
}

function createServing(
  { targets, save }: StoredMachine,
  tunnel: AgentTunnel,
): Pick<MachineAgent, 'serve' | 'stopServing'> {
  return {
    async serve(serviceId, target) {
      targets.set(serviceId, target)
      tunnel.targetsChanged()
      await save()
    },
    async stopServing(serviceIds) {
      if (serviceIds.length === 0) return
      for (const serviceId of serviceIds) targets.delete(serviceId)
      tunnel.targetsChanged()
      await save()
    },
  }
}
