import type { LocalTarget } from '@private-connect/proxy/tunnel'
import type { AgentIdentity } from '@private-connect/sharing'
import type { Machine, StoredRecord } from './stored-records.ts'

/** What is stored of this machine at one hub. */
export interface StoredMachine {
  readonly targets: Map<string, LocalTarget>
  readonly identity: () => AgentIdentity | null
  /** Another identity serves nothing yet. */
  readonly become: (identity: AgentIdentity | null) => Promise<void>
  readonly save: () => Promise<void>
  /** From now on nothing is written: the secrets may have been removed. */
  readonly close: () => void
}

/** What was stored of another hub counts as nothing. */
export function openMachine(hubUrl: string, record: StoredRecord<Machine>): StoredMachine {
  const stored = record.read()
  const known = stored?.hubUrl === hubUrl ? stored : null
  let identity: AgentIdentity | null = known && { agentId: known.agentId, token: known.token }
  const targets = new Map<string, LocalTarget>(Object.entries(known?.targets ?? {}))
  let isClosed = false
  const save = async (): Promise<void> => {
    if (isClosed) return
    await record.write(identity && { hubUrl, ...identity, targets: Object.fromEntries(targets) })
  }
  return {
    targets,
    save,
    close: () => void (isClosed = true),
    identity: () => identity,
    async become(next) {
      identity = next
      targets.clear()
      await save()
    },
  }
}
