import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'
import type { NetworkRange } from './env-values.ts'

/** A header may hold thousands of entries; no honest chain of proxies is longer than this. */
const hopsMax = 32

type RequestWithPeer = Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } }

/**
 * The address that a request came from: the socket's, unless that is a trusted proxy; then the right-most hop of
 * X-Forwarded-For that is no trusted proxy. Anything that is not a plain address ends the walk at the last good one.
 */
export function createClientAddress(trustedProxies: readonly NetworkRange[]) {
  const isTrusted = (address: string) => trustedProxies.some((range) => range.contains(address))
  return (request: RequestWithPeer): string => {
    const peer = normalizeAddress(request.socket.remoteAddress ?? '') ?? '0.0.0.0'
    if (trustedProxies.length === 0 || !isTrusted(peer)) return peer
    return findUntrustedHop(peer, request.headers['x-forwarded-for'], isTrusted)
  }
}

export type ClientAddress = ReturnType<typeof createClientAddress>

function findUntrustedHop(
  peer: string,
  header: string | string[] | undefined,
  isTrusted: (address: string) => boolean,
): string {
  let rest = Array.isArray(header) ? header.join(',') : (header ?? '')
  let nearest = peer
  for (let hops = 0; hops < hopsMax && rest !== ''; hops += 1) {
    const comma = rest.lastIndexOf(',')
    const hop = normalizeAddress(rest.slice(comma + 1).trim())
    if (hop === undefined) return nearest
    if (!isTrusted(hop)) return hop
    nearest = hop
    rest = comma === -1 ? '' : rest.slice(0, comma)
  }
  return nearest
}

/** One spelling for each address: IPv4-mapped IPv6 becomes IPv4, zones and ports are refused. */
function normalizeAddress(text: string): string | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return text
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined
  return ipaddr.process(text).toString()
}
