import type { Duplex } from 'node:stream'
import { parseNetworkRange } from '@private-connect/network'
import {
  createDialCheck,
  createDirectDial,
  resolveHost,
  type DirectDialOptions,
  type ResolveHost,
} from '@private-connect/proxy/serve'

interface WebhookTarget {
  readonly workspaceId: string
  readonly url: string
}

export interface WebhookTargets {
  /** Whether a webhook may have this URL now; for https true while its name has no address yet. */
  mayCall(target: WebhookTarget): Promise<boolean>
  /** A connection to an address that was checked: what a name leads to is asked once, and dialled as it was answered. */
  dial(target: WebhookTarget, signal: AbortSignal): Promise<Duplex>
}

export interface WebhookTargetOptions {
  /** The rules of external services: private ranges that are listed, the hub's own ports. */
  readonly direct: DirectDialOptions
  /** `host:port` of the hub's own API, with no port where it is the scheme's: never called. */
  readonly ownHosts: readonly string[]
  readonly resolve?: ResolveHost
}

const lookupTimeoutMs = 3_000

/** Where the hub posts to: public addresses by https, those that its operator lists by http too. */
export function createWebhookTargets(options: WebhookTargetOptions): WebhookTargets {
  const { direct, ownHosts, resolve = resolveHost } = options
  const listed = listedOnly(resolve, direct.allowPrivateTargets ?? [])
  const secure = { ...direct, resolve }
  const plain = { ...direct, resolve: listed }
  const dials = { 'https:': createDirectDial(secure), 'http:': createDirectDial(plain) }
  const checks = { 'https:': createDialCheck(secure), 'http:': createDialCheck(plain) }
  return {
    async mayCall({ workspaceId, url: text }) {
      const url = new URL(text)
      if (!isHttp(url.protocol) || ownHosts.includes(hostOf(url))) return false
      const service = toService(workspaceId, url)
      const asked = { owner: workspaceId, timeoutMs: lookupTimeoutMs }
      // In clear only where it is certain that the way is private.
      if (
        url.protocol === 'http:' &&
        (await listed(service.targetHost, asked).catch(() => [])).length === 0
      ) {
        return false
      }
      return checks[url.protocol](service)
    },
    async dial({ workspaceId, url: text }, signal) {
      const url = new URL(text)
      if (!isHttp(url.protocol) || ownHosts.includes(hostOf(url))) throw new Error('not to be called')
      return dials[url.protocol](toService(workspaceId, url), { shareId: '', kind: 'http', signal })
    },
  }
}

/** Of a host's addresses those in the ranges that the operator lists. */
function listedOnly(resolve: ResolveHost, allowed: readonly string[]): ResolveHost {
  const ranges = allowed.map((text) => parseNetworkRange(text))
  return async (host, asked) =>
    (await resolve(host, asked)).filter((address) => ranges.some((range) => range?.contains(address)))
}

/** With its port, and without the dot that may end a whole name. */
function hostOf({ host }: URL): string {
  return host.replace(/\.(?=:|$)/, '')
}

function isHttp(protocol: string): protocol is 'http:' | 'https:' {
  return protocol === 'http:' || protocol === 'https:'
}

function toService(workspaceId: string, url: URL) {
  const defaultPort = url.protocol === 'https:' ? 443 : 80
  return {
    id: '',
    agentId: null,
    name: '',
    workspaceId,
    targetHost: url.hostname.replace(/^\[|\]$/g, ''),
    targetPort: url.port === '' ? defaultPort : Number(url.port),
    protocol: 'tcp' as const,
  }
}
