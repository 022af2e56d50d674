import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { findFreePort } from '../free-port.ts'
import { startHub } from '../hub.ts'
import type { RunningHub } from '../hub.ts'
import { shareBehindAgent, shareExternal, startAgentProcess } from '../share-targets.ts'
import { upstreamPaths } from '../upstream.ts'
import type { Peer, PeerContext, RunningPeer } from './peer.ts'

const rules = {
  allowedPaths: ['/api/*', ...Object.values(upstreamPaths).map(({ path }) => path)],
  allowedMethods: ['GET', 'PUT'],
}

const droppedMetric = 'private_connect_access_records_dropped'

/** Our own product, both ways through one hub, as it would be. */
export function createPrivateConnectPeers(): readonly Peer[] {
  let hub: Promise<RunningHub> | undefined
  const sharedHub = (context: PeerContext) => (hub ??= startOwnHub(context))
  return [
    {
      name: 'direct',
      group: 'direct',
      note: 'this hub dials the upstream itself; paths, methods, expiry and rate checked, every request in the access log',
      start: async (context) => startDirect(await sharedHub(context), context),
    },
    {
      name: 'tunnel',
      group: 'tunnel',
      note: 'the same hub and rules, through an agent’s tunnel; not encrypted on loopback',
      start: async (context) => startTunnel(await sharedHub(context), context),
    },
  ]
}

async function startOwnHub({ processes, workDir, cpuProfileDir }: PeerContext): Promise<RunningHub> {
  const dataDir = join(workDir, 'hub-data')
  mkdirSync(dataDir, { mode: 0o700 })
  return startHub({
    name: 'hub',
    processes,
    dataDir,
    port: await findFreePort(),
    nodeArgs: profileArgs(cpuProfileDir, 'hub'),
  })
}

async function startDirect(hub: RunningHub, { upstreamPort }: PeerContext): Promise<RunningPeer> {
  const sharePath = await shareExternal(hub, upstreamPort, rules)
  return {
    baseUrl: `${hub.url}${sharePath}`,
    headers: [],
    front: [hub.child],
    frontScope: 'self',
    all: [hub.child, { pid: hub.postgresPid }],
    version: `Private Connect ${hub.version}`,
    concludes: async () =>
      `${await hub.readMetric(droppedMetric)} records of the access log dropped under load, both ways together`,
  }
}

async function startTunnel(hub: RunningHub, context: PeerContext): Promise<RunningPeer> {
  const { processes, upstreamPort, cpuProfileDir } = context
  const { token, serviceId, sharePath } = await shareBehindAgent(hub, upstreamPort, rules)
  const agent = await startAgentProcess({
    name: 'agent',
    processes,
    hubUrl: hub.url,
    token,
    serviceId,
    upstreamPort,
    nodeArgs: profileArgs(cpuProfileDir, 'agent'),
  })
  return {
    baseUrl: `${hub.url}${sharePath}`,
    headers: [],
    front: [hub.child],
    frontScope: 'self',
    all: [hub.child, { pid: hub.postgresPid }, agent],
    version: `Private Connect ${hub.version}`,
  }
}

function profileArgs(dir: string | undefined, name: string): string[] {
  if (dir === undefined) return []
  return ['--cpu-prof', `--cpu-prof-dir=${dir}`, `--cpu-prof-name=${name}.cpuprofile`]
}
