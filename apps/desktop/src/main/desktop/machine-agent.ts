import type { AgentStatus, LocalTarget } from '@private-connect/proxy/tunnel'
import { sanitizeServiceName, type AgentIdentities, type AgentIdentity } from '@private-connect/sharing'
import { createAgentTunnel, type AgentTunnel } from './agent-tunnel.ts'
import type { DesktopPorts } from './desktop.ts'
import type { HubApi } from './hub-api.ts'
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
  /** Registers this machine where it has no identity, and opens the tunnel. */
  ensure(): Promise<void>
  /** Drops the identity and what was served by it. */
  forget(): Promise<void>
  /** From now on the tunnel serves this. */
  serve(serviceId: string, target: LocalTarget): Promise<void>
  stopServing(serviceIds: readonly string[]): Promise<void>
  /** Tells the hub that this machine is away. */
  suspend(): void
  resume(): void
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
  const ensure = async (): Promise<void> => {
    const identity = machine.identity()
    if (identity !== null) return tunnel.open(identity)
    const name = sanitizeServiceName(ports.hostName)
    const { agent, token } = await api.call(async ({ agents }) => agents.register.mutate({ name }))
    await adopt({ agentId: agent.id, token })
  }
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
    resume() {
      const identity = machine.identity()
      if (identity !== null) tunnel.open(identity)
    },
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

interface StoredMachine {
  readonly targets: Map<string, LocalTarget>
  readonly identity: () => AgentIdentity | null
  /** Another identity serves nothing yet. */
  readonly become: (identity: AgentIdentity | null) => Promise<void>
  readonly save: () => Promise<void>
}

/** What was stored of another hub counts as nothing. */
function openMachine(hubUrl: string, record: StoredRecord<Machine>): StoredMachine {
  const stored = record.read()
  const known = stored?.hubUrl === hubUrl ? stored : null
  let identity: AgentIdentity | null = known && { agentId: known.agentId, token: known.token }
  const targets = new Map<string, LocalTarget>(Object.entries(known?.targets ?? {}))
  const save = async (): Promise<void> =>
    record.write(identity && { hubUrl, ...identity, targets: Object.fromEntries(targets) })
  return {
    targets,
    save,
    identity: () => identity,
    async become(next) {
      identity = next
      targets.clear()
      await save()
    },
  }
}
