import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/** Who a request comes from. */
export interface Visitor {
  readonly address: string
  /** The X-Forwarded-For for the upstream: one address, or a trusted chain with its last hop appended. */
  readonly forwardedFor: string
  readonly scheme: 'http' | 'https'
}

export interface VisitorOptions {
  readonly trustsProxy: (address: string) => boolean
  readonly scheme: 'http' | 'https'
}

/** The socket's address, unless the peer is trusted: then the right-most hop that is not. */
export function readVisitor(request: IncomingMessage, options: VisitorOptions): Visitor {
  const peer = plainAddress(request.socket.remoteAddress ?? '')
  if (!options.trustsProxy(peer)) return { address: peer, forwardedFor: peer, scheme: options.scheme }
  const proto = request.headers['x-forwarded-proto']
  const scheme = proto === 'https' || proto === 'http' ? proto : options.scheme
  const hops = readHops(String(request.headers['x-forwarded-for'] ?? ''), options.trustsProxy)
  return { address: hops[0] ?? peer, forwardedFor: [...hops, peer].join(', '), scheme }
}

/** From the visitor on, in order. Whatever stands left of the first untrusted or unreadable hop is hearsay. */
function readHops(header: string, trustsProxy: (address: string) => boolean): string[] {
  const hops: string[] = []
  for (const part of header.slice(-2_048).split(',').reverse()) {
    const address = plainAddress(part.trim())
    if (isIP(address) === 0) break
    hops.unshift(address)
    if (!trustsProxy(address)) break
  }
  return hops
}

/** An IPv4 address that arrived on an IPv6 socket is the IPv4 address. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}
