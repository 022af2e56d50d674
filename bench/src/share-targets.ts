import { fileURLToPath } from 'node:url'
import type { RunningHub } from './hub.ts'
import type { Child, Processes } from './processes.ts'

/** Rules for every policy to check: paths, methods, and an expiry. The rate limiter has the hub's own limit. */
export interface ShareRules {
  readonly allowedPaths?: readonly string[]
  readonly allowedMethods?: readonly string[]
}

export interface AgentOptions {
  readonly name: string
  readonly processes: Processes
  readonly hubUrl: string
  readonly token: string
  readonly serviceId: string
  readonly upstreamPort: number
  readonly nodeArgs?: readonly string[]
  /** Streams that it takes at once; its own default otherwise. */
  readonly streamsMax?: number
}

/** A share of a target that the hub dials itself; resolves with the path that its link begins with. */
export async function shareExternal(
  hub: RunningHub,
  upstreamPort: number,
  rules: ShareRules,
): Promise<string> {
  const target = { name: 'bench-direct', targetHost: '127.0.0.1', targetPort: upstreamPort, protocol: 'http' }
  const { service } = await hub.call<{ service: { id: string } }>('POST', '/v1/services/external', target)
  return (await createShare(hub, service.id, rules)).sharePath
}

export interface CreatedShare {
  readonly shareId: string
  readonly sharePath: string
}

export interface AgentShare extends CreatedShare {
  readonly token: string
  readonly serviceId: string
}

/** An agent with a service behind it, shared; the agent itself is not started yet. */
export async function shareBehindAgent(
  hub: RunningHub,
  upstreamPort: number,
  { name = 'bench', ...rules }: ShareRules & { readonly name?: string },
): Promise<AgentShare> {
  const { agent, token } = await hub.call<{ agent: { id: string }; token: string }>(
    'POST',
    '/v1/agents/register',
    { name },
  )
  const target = {
    name: `${name}-tunnel`,
    targetHost: '127.0.0.1',
    targetPort: upstreamPort,
    protocol: 'http',
  }
  const { service } = await hub.call<{ service: { id: string } }>('POST', '/v1/services/register', {
    agentId: agent.id,
    ...target,
  })
  return { token, serviceId: service.id, ...(await createShare(hub, service.id, rules)) }
}

/** An agent as a process of its own: the same `startAgent` that the command line and the desktop app run. */
export function startAgentProcess(options: AgentOptions): Promise<Child> {
  return options.processes.start({
    name: options.name,
    command: process.execPath,
    args: [
      ...(options.nodeArgs ?? []),
      fileURLToPath(new URL('agent-process.ts', import.meta.url)),
      options.hubUrl,
      options.token,
      options.serviceId,
      String(options.upstreamPort),
      ...(options.streamsMax === undefined ? [] : [String(options.streamsMax)]),
    ],
    ready: { output: /connected/ },
  })
}

async function createShare(hub: RunningHub, serviceId: string, rules: ShareRules): Promise<CreatedShare> {
  const { share } = await hub.call<{ share: { id: string; token: string } }>(
    'POST',
    `/v1/services/${serviceId}/shares`,
    {
      name: 'bench',
      expiresIn: '24h',
      ...rules,
    },
  )
  return { shareId: share.id, sharePath: `/shared/${share.token}` }
}
