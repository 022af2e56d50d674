import { networkInterfaces } from 'node:os'
import { parseNetworkRange, type NetworkRange } from '@private-connect/network'
import ipaddr from 'ipaddr.js'

export interface TargetRules {
  /** CIDR ranges of special-purpose addresses that may be dialled nevertheless, such as `127.0.0.0/8`. */
  readonly allowedRanges: readonly string[]
  /** Ports of the hub itself and of its database: never dialled on any address of this machine. */
  readonly ownPorts: readonly number[]
}

type Address = ipaddr.IPv4 | ipaddr.IPv6

/**
 * Whether the hub may dial an address for an external service. Decided on the parsed bytes: public addresses pass,
 * special-purpose ones (loopback, private, link-local and metadata, shared, mapped, translated …) only where listed.
 */
export function createTargetCheck({ allowedRanges, ownPorts }: TargetRules) {
  const ranges = allowedRanges.map(parseAllowedRange)
  const ports = new Set(ownPorts)
  return (text: string, port: number): boolean => {
    if (!ipaddr.isValid(text)) return false
    const address = ipaddr.process(text)
    if (ports.has(port) && isOwnAddress(address)) return false
    return isPublic(address) || ranges.some((range) => range.contains(text))
  }
}

function parseAllowedRange(text: string): NetworkRange {
  const range = parseNetworkRange(text)
  if (range === undefined) throw new RangeError(`${text} is no range of addresses`)
  return range
}

/** Of IPv6 only what is given out for the Internet, `2000::/3` (RFC 4291 2.4): `::10.0.0.1` lies outside of it. */
function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || ((address.toByteArray()[0] ?? 0) & 0xe0) === 0x20
}

function isOwnAddress(address: Address): boolean {
  const range = address.range()
  if (range === 'loopback' || range === 'unspecified') return true
  const text = address.toNormalizedString()
  return Object.values(networkInterfaces()).some((entries) =>
    entries?.some((entry) => ipaddr.process(entry.address).toNormalizedString() === text),
  )
}
