import ipaddr from 'ipaddr.js'
import { normalizeAddress } from './normalize-address.ts'

/** A range of addresses; IPv4-mapped IPv6 addresses count as IPv4. */
export interface NetworkRange {
  /** Its one spelling, always with a prefix: `10.0.0.0/8`. */
  readonly text: string
  readonly prefixBits: number
  /** Whether an address in any spelling lies in it; false for what is no address. */
  contains(address: string): boolean
}

/** One address or CIDR range (RFC 4632, RFC 4291), or undefined where the text is neither. Host bits must be zero. */
export function parseNetworkRange(text: string): NetworkRange | undefined {
  const [addressText = '', bitsText, ...rest] = text.split('/')
  const normal = normalizeAddress(addressText)
  if (rest.length > 0 || normal === undefined) return undefined
  const network = ipaddr.parse(normal)
  const prefixBits = parsePrefix(bitsText, addressText)
  if (prefixBits === undefined || !hasNoHostBits(network.toByteArray(), prefixBits)) return undefined
  return {
    text: `${normal}/${prefixBits}`,
    prefixBits,
    contains: (candidate) => {
      const address = normalizeAddress(candidate)
      if (address === undefined) return false
      const parsed = ipaddr.parse(address)
      return parsed.kind() === network.kind() && parsed.match(network, prefixBits)
    },
  }
}

/** The bits of the network that the address means: of a mapped one (`::ffff:10.0.0.0/104`) those behind the mapping. */
function parsePrefix(text: string | undefined, address: string): number | undefined {
  const writtenBits = address.includes(':') ? 128 : 32
  const meantBits = ipaddr.process(address).kind() === 'ipv4' ? 32 : 128
  if (text === undefined) return meantBits
  if (!/^(0|[1-9]\d{0,2})$/.test(text) || Number(text) > writtenBits) return undefined
  const bits = Number(text) - (writtenBits - meantBits)
  return bits >= 0 ? bits : undefined
}

function hasNoHostBits(bytes: readonly number[], prefixBits: number): boolean {
  return bytes.every((byte, index) => {
    const hostBits = Math.min(8, Math.max(0, (index + 1) * 8 - prefixBits))
    return (byte & ((1 << hostBits) - 1)) === 0
  })
}
