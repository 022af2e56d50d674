import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../free-port.ts'
import { startHub, type RunningHub } from '../hub.ts'
import { inWorkDir } from '../in-work-dir.ts'
import { describeMachine } from '../machine.ts'
import type { Child, Processes } from '../processes.ts'
import { shareBehindAgent, startAgentProcess, type CreatedShare } from '../share-targets.ts'

/** Hub, agent and app, each a process of its own, with a share; and another tenant's app, agent and share beside them. */
export interface LiveStage {
  readonly hub: RunningHub
  readonly agent: Child
  readonly share: CreatedShare
  readonly port: number
  readonly upstreamPort: number
  /** Another visitor, of the other share, until `stop`: when it asked for each small answer, and how long that took. */
  startOtherVisitor(): Promise<{ stop(): Promise<[number, number][]> }>
}

const streamsMax = 50_000

/** Runs a bench on a stage of its own, prints the machine first, and leaves nothing behind. */
export async function onLiveStage(run: (stage: LiveStage) => Promise<void>): Promise<void> {
  const { cores, cpuModel, node, loadBefore } = describeMachine()
  console.log(`${cores} cores (${cpuModel}), Node ${node}, load average before ${loadBefore.toFixed(2)}`)
  await inWorkDir('live', async ({ workDir, processes }) => {
    const port = await findFreePort()
    const dataDir = join(workDir, 'hub-data')
    mkdirSync(dataDir, { mode: 0o700 })
    const hub = await startHub({ name: 'hub', processes, dataDir, port })
    const { upstreamPort, agent, share } = await startTenant({ name: 'bench', processes, hub })
    const { share: otherShare } = await startTenant({ name: 'other', processes, hub })
    const startOtherVisitor = (): ReturnType<LiveStage['startOtherVisitor']> =>
      startVisitor(processes, `${hub.url}${otherShare.sharePath}/small`)
    await run({ hub, agent, share, port, upstreamPort, startOtherVisitor })
  })
}

interface TenantOptions {
  readonly name: string
  readonly processes: Processes
  readonly hub: RunningHub
}

async function startTenant({ name, processes, hub }: TenantOptions) {
  const upstreamPort = await findFreePort()
  await processes.start({
    name: `${name}-upstream`,
    command: process.execPath,
    args: [fileURLToPath(new URL('live-upstream.ts', import.meta.url)), String(upstreamPort)],
    ready: { port: upstreamPort },
  })
  const share = await shareBehindAgent(hub, upstreamPort, { name })
  const agent = await startAgentProcess({
    name: `${name}-agent`,
    processes,
    hubUrl: hub.url,
    upstreamPort,
    streamsMax,
    ...share,
  })
  return { upstreamPort, agent, share }
}

let visitors = 0

async function startVisitor(processes: Processes, url: string): ReturnType<LiveStage['startOtherVisitor']> {
  const child = await processes.start({
    name: `other-visitor-${(visitors += 1)}`,
    command: process.execPath,
    args: [fileURLToPath(new URL('other-visitor.ts', import.meta.url)), url],
    ready: { output: /ready/ },
  })
  return {
    async stop() {
      await child.stop()
      return JSON.parse(child.output().replace('ready', '')) as [number, number][]
    },
  }
}
