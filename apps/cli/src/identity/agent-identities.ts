import { join } from 'node:path'
import { preparePrivateDir, writePrivateJson, type AgentIdentities } from '@private-connect/sharing'
import { withFileMutex } from './file-mutex.ts'
import { readIdentityFile, type StoredIdentity } from './identity-file.ts'

export interface IdentityOptions {
  readonly configDir: string
  readonly pid: number
  readonly isProcessAlive: (pid: number) => boolean
}

/**
 * This machine's agents, one set per hub, in `agents.json` of the user's config folder.
 * Two commands that share at once must not use one identity: the hub gives an agent's streams to its newest tunnel only.
 * So an identity is leased to a process; the lease of one that is gone is free.
 */
export function createAgentIdentities({ configDir, pid, isProcessAlive }: IdentityOptions): AgentIdentities {
  const file = join(configDir, 'agents.json')
  const update = async <T>(hubUrl: string, change: (identities: StoredIdentity[]) => T): Promise<T> => {
    await preparePrivateDir(file)
    return withFileMutex(`${file}.lock`, async () => {
      const content = await readIdentityFile(file)
      const identities = content.hubs[hubUrl] ?? []
      const result = change(identities)
      await writePrivateJson(file, { ...content, hubs: { ...content.hubs, [hubUrl]: identities } })
      return result
    })
  }
  return {
    claim: (hubUrl) =>
      update(hubUrl, (identities) => {
        // Our own number is a predecessor's: in a container every start may have the same one.
        const isFree = (holder: number | null): boolean =>
          holder === null || holder === pid || !isProcessAlive(holder)
        const free = identities.find((identity) => isFree(identity.pid))
        if (free === undefined) return null
        free.pid = pid
        return { agentId: free.agentId, token: free.token }
      }),
    add: (hubUrl, { agentId, token }) =>
      update(hubUrl, (identities) => void identities.push({ agentId, token, pid })),
    release: (hubUrl, agentId) =>
      update(hubUrl, (identities) => {
        const own = identities.find((identity) => identity.agentId === agentId && identity.pid === pid)
        if (own !== undefined) own.pid = null
      }),
    forget: (hubUrl, agentId) =>
      update(hubUrl, (identities) => {
        const index = identities.findIndex((identity) => identity.agentId === agentId)
        if (index !== -1) identities.splice(index, 1)
      }),
  }
}

/** Whether a process of this number runs, ours or another user's. */
export function isProcessAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}
