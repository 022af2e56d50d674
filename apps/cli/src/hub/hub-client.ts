import {
  accessLogEntry,
  createDeviceCodeOutput,
  createShareOutput,
  pollDeviceTokenOutput,
  registerAgentOutput,
  serviceOutput,
  share,
  success,
  type AccessLogEntry,
  type CreatedShare,
  type Service,
  type Share,
} from '@private-connect/api/contracts'
import type {
  AgentIdentity,
  DeviceCode,
  DeviceToken,
  RegisterServiceRequest,
  ShareRequest,
} from '@private-connect/sharing'
import { Agent, ProxyAgent } from 'undici'
import { z } from 'zod'
import { streamEvents, type StreamedEvent, type StreamRequest } from './event-stream.ts'
import { callHub, type HubConnection, type HubCredential } from './hub-request.ts'
import type { LogFilter } from '../sharing/log-filter.ts'

/** The operations that the command line needs, over the documented REST API. Every method rejects with a Failure. */
export interface HubClient {
  readonly hubUrl: string
  registerAgent(name: string): Promise<AgentIdentity>
  registerService(agentId: string, request: RegisterServiceRequest): Promise<Service>
  createShare(serviceId: string, request: ShareRequest): Promise<CreatedShare>
  /** All shares of the workspace, newest first. */
  listShares(): Promise<Share[]>
  getShare(shareId: string): Promise<Share>
  revokeShare(shareId: string): Promise<void>
  /** Newest first; with `after`, only what is newer than that entry. */
  listLogs(shareId: string, options?: LogRequest): Promise<AccessLogEntry[]>
  /** What happens to a share, as it happens; ends or rejects when the hub is lost. */
  streamEvents(request: StreamRequest): AsyncIterable<StreamedEvent>
  /** Begins the sign-in of this device; needs no credentials. */
  createDeviceCode(clientName: string): Promise<DeviceCode>
  /** Rejects with a HubRefusal (`device.authorization_pending` …) until the user has decided. */
  pollDeviceToken(deviceCode: string): Promise<DeviceToken>
  /** Ends the session that calls. */
  logOut(): Promise<void>
  close(): Promise<void>
}

export interface LogRequest {
  readonly after?: string
  /** Default: one page of 100. */
  readonly entriesMax?: number
  readonly filter?: LogFilter
}

const pageSize = 100
const pagesMaxDefault = 100
const sharePage = z.object({ shares: z.array(share) })
const logPage = z.object({ logs: z.array(accessLogEntry) })

export interface HubClientOptions {
  readonly hubUrl: string
  readonly credential: HubCredential
  readonly proxyUrl: URL | undefined
}

export function createHubClient({ hubUrl, credential, proxyUrl }: HubClientOptions): HubClient {
  const connect = { timeout: 10_000 }
  const dispatcher =
    proxyUrl === undefined
      ? new Agent({ connect })
      : new ProxyAgent({ uri: proxyUrl.href, proxyTunnel: true, connect })
  const connection: HubConnection = { hubUrl, credential, dispatcher }
  return {
    hubUrl,
    ...createRegistrations(connection),
    ...createShareCalls(connection),
    ...createSignInCalls(connection),
    streamEvents: (stream) => streamEvents(connection, stream),
    close: () => dispatcher.destroy(),
  }
}

function createRegistrations(
  connection: HubConnection,
): Pick<HubClient, 'registerAgent' | 'registerService'> {
  return {
    async registerAgent(name) {
      const call = {
        method: 'POST',
        path: '/v1/agents/register',
        body: { name },
        output: registerAgentOutput,
      } as const
      const { agent, token } = (await callHub(connection, call)).value
      return { agentId: agent.id, token }
    },
    async registerService(agentId, request) {
      const body = { agentId, ...request }
      const call = { method: 'POST', path: '/v1/services/register', body, output: serviceOutput } as const
      return (await callHub(connection, call)).value.service
    },
  }
}

function createShareCalls(
  connection: HubConnection,
): Pick<HubClient, 'createShare' | 'listShares' | 'getShare' | 'revokeShare' | 'listLogs'> {
  return {
    async createShare(serviceId, body) {
      const path = `/v1/services/${encodeURIComponent(serviceId)}/shares`
      return (await callHub(connection, { method: 'POST', path, body, output: createShareOutput })).value
        .share
    },
    listShares: () =>
      readPages(`/v1/shares?limit=${pageSize}`, pagesMaxDefault, async (path) => {
        const { value, nextPath } = await callHub(connection, { method: 'GET', path, output: sharePage })
        return { items: value.shares, nextPath }
      }),
    async getShare(shareId) {
      return (await callHub(connection, { method: 'GET', path: pathOfShare(shareId), output: share })).value
    },
    async revokeShare(shareId) {
      await callHub(connection, { method: 'DELETE', path: pathOfShare(shareId), output: success })
    },
    async listLogs(shareId, { after, entriesMax = pageSize, filter = [] } = {}) {
      const query = new URLSearchParams({ limit: String(Math.min(pageSize, entriesMax)) })
      if (after !== undefined) query.set('after', after)
      for (const [name, value] of filter) query.append(name, value)
      const first = `${pathOfShare(shareId)}/logs?${query.toString()}`
      const entries = await readPages(first, Math.ceil(entriesMax / pageSize), async (path) => {
        const { value, nextPath } = await callHub(connection, { method: 'GET', path, output: logPage })
        return { items: value.logs, nextPath }
      })
      return entries.slice(0, entriesMax)
    },
  }
}

function createSignInCalls(
  connection: HubConnection,
): Pick<HubClient, 'createDeviceCode' | 'pollDeviceToken' | 'logOut'> {
  return {
    async createDeviceCode(clientName) {
      const call = {
        method: 'POST',
        path: '/v1/device/code',
        body: { clientName },
        output: createDeviceCodeOutput,
      } as const
      return (await callHub(connection, call)).value
    },
    async pollDeviceToken(deviceCode) {
      const path = `/v1/device/token?deviceCode=${encodeURIComponent(deviceCode)}`
      return (await callHub(connection, { method: 'GET', path, output: pollDeviceTokenOutput })).value
    },
    async logOut() {
      await callHub(connection, { method: 'POST', path: '/v1/auth/logout', output: success })
    },
  }
}

function pathOfShare(shareId: string): string {
  return `/v1/shares/${encodeURIComponent(shareId)}`
}

interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextPath: string | null
}

/** Follows a list's pages up to a bound, which a hub that never ends its list cannot pass. */
async function readPages<Item>(
  first: string,
  pagesMax: number,
  readPage: (path: string) => Promise<Page<Item>>,
): Promise<Item[]> {
  const items: Item[] = []
  let path: string | null = first
  for (let pages = 0; path !== null && pages < pagesMax; pages += 1) {
    const page: Page<Item> = await readPage(path)
    items.push(...page.items)
    path = page.nextPath
  }
  return items
}
