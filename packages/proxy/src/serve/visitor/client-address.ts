import type { IncomingMessage } from 'node:http'
import { normalizeAddress } from '@private-connect/network'

/** Whether an address is a proxy's that may speak for others. */
export type TrustsProxy = (address: string) => boolean

/** Who a request comes from. */
export interface Client {
  readonly address: string
  /** The X-Forwarded-For for the upstream: one address, or a trusted chain with its last hop appended. */
  readonly forwardedFor: string
  /** Whether the peer itself is trusted, so that its other headers are believed too. */
  readonly isProxied: boolean
}

export interface Visitor extends Client {
  readonly scheme: 'http' | 'https'
}

type RequestWithPeer = Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } }

/** A header may hold thousands of entries; no honest chain of proxies is longer than this. */
const hopsMax = 32
const unknownAddress = '0.0.0.0'

/**
 * The socket's address, unless that is a trusted proxy: then the right-most hop of X-Forwarded-For that is none.
 * Whatever stands left of the first untrusted or unreadable hop is hearsay (SPEC §4, Client address).
 */
export function readClient(request: RequestWithPeer, trustsProxy: TrustsProxy): Client {
  const peer = peerOf(request.socket)
  if (!trustsProxy(peer)) return { address: peer, forwardedFor: peer, isProxied: false }
  const hops = readHops(request.headers['x-forwarded-for'], trustsProxy)
  return { address: hops[0] ?? peer, forwardedFor: [...hops, peer].join(', '), isProxied: true }
}

/** A client with the scheme that it used; a trusted proxy says which. */
export function readVisitor(
  request: RequestWithPeer,
  options: { readonly trustsProxy: TrustsProxy; readonly scheme: 'http' | 'https' },
): Visitor {
  const client = readClient(request, options.trustsProxy)
  const proto = client.isProxied ? request.headers['x-forwarded-proto'] : undefined
  return { ...client, scheme: proto === 'https' || proto === 'http' ? proto : options.scheme }
}

/** From the client on, in order. Read from the right, and no more of it than a chain can have. */
function readHops(header: string | string[] | undefined, trustsProxy: TrustsProxy): string[] {
  let rest = Array.isArray(header) ? header.join(',') : (header ?? '')
  const hops: string[] = []
  while (hops.length < hopsMax && rest !== '') {
    const comma = rest.lastIndexOf(',')
    const hop = normalizeAddress(rest.slice(comma + 1).trim())
    if (hop === undefined) break
    hops.unshift(hop)
    if (!trustsProxy(hop)) break
    rest = comma === -1 ? '' : rest.slice(0, comma)
  }
  return hops
}

const peers = new WeakMap<RequestWithPeer['socket'], string>()

/** Worked out once per connection: parsing an IPv6 (or mapped) peer for each request took a fifth of all its time. */
function peerOf(socket: RequestWithPeer['socket']): string {
  const known = peers.get(socket)
  if (known !== undefined) return known
  const peer = readPeer(socket.remoteAddress)
  peers.set(socket, peer)
  return peer
}

/** A link-local peer has a zone behind its address, which names an interface of this machine and nobody else. */
function readPeer(remoteAddress: string | undefined): string {
  // By far the most frequent case, and it needs no parsing.
  if (remoteAddress === undefined) return unknownAddress
  if (!remoteAddress.includes(':')) return remoteAddress
  return normalizeAddress(remoteAddress.split('%', 1)[0] ?? '') ?? unknownAddress
}
