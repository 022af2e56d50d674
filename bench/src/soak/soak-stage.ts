import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../free-port.ts'
import { inspectArgs } from '../inspect-process.ts'
import { startHub } from '../hub.ts'
import type { RunningHub } from '../hub.ts'
import type { Child, Processes } from '../processes.ts'
import { shareBehindAgent, shareExternal, startAgentProcess } from '../share-targets.ts'

export interface SoakStage {
  readonly hubPort: number
  /** Path of each share's link. */
  readonly sharePaths: Readonly<Record<'direct' | 'tunnel', string>>
  readonly hub: Child
  readonly agent: Child
  restartHub(signal: NodeJS.Signals): Promise<void>
  restartAgent(signal: NodeJS.Signals): Promise<void>
}

/** Hub, agent and upstream with one direct and one tunnelled share, the first two restartable in place. */
export async function startSoakStage(processes: Processes, workDir: string): Promise<SoakStage> {
  const upstreamPort = await startUpstream(processes)
  const hubPort = await findFreePort()
  const dataDir = join(workDir, 'hub-data')
  mkdirSync(dataDir, { mode: 0o700 })
  let starts = 0
  const startNextHub = (): Promise<RunningHub> => {
    starts += 1
    return startHub({ name: `hub-${starts}`, processes, dataDir, port: hubPort, nodeArgs: inspectArgs })
  }
  let hub = await startNextHub()
  const rules = { allowedPaths: ['/soak', '/socket'], allowedMethods: ['GET', 'PUT'] }
  const direct = await shareExternal(hub, upstreamPort, rules)
  const behindAgent = await shareBehindAgent(hub, upstreamPort, rules)
  const startNextAgent = () => {
    starts += 1
    return startAgentProcess({
      name: `agent-${starts}`,
      processes,
      hubUrl: hub.url,
      upstreamPort,
      nodeArgs: inspectArgs,
      ...behindAgent,
    })
  }
  let agent = await startNextAgent()
  return {
    hubPort,
    sharePaths: { direct, tunnel: behindAgent.sharePath },
    get hub() {
      return hub.child
    },
    get agent() {
      return agent
    },
    restartHub: async (signal) => {
      await hub.child.stop(signal)
      hub = await startNextHub()
      await untilAgentIsBack(hub)
    },
    restartAgent: async (signal) => {
      await agent.stop(signal)
      agent = await startNextAgent()
    },
  }
}

/** Its delays between two attempts have grown while the hub was away, up to 30 s. */
async function untilAgentIsBack(hub: RunningHub): Promise<void> {
  const deadlineMs = performance.now() + 60_000
  while ((await hub.readMetric('private_connect_agents_online')) === 0) {
    if (performance.now() > deadlineMs) throw new Error('the agent did not come back to a restarted hub')
    await delay(100)
  }
}

async function startUpstream(processes: Processes): Promise<number> {
  const port = await findFreePort()
  await processes.start({
    name: 'soak-upstream',
    command: process.execPath,
    args: [fileURLToPath(new URL('soak-upstream.ts', import.meta.url)), String(port)],
    ready: { port },
  })
  return port
}
