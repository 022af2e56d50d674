import { BlockList, isIP } from 'node:net'

/** Whether an address lies in one of the CIDR ranges. An empty list allows every address (SPEC §4). */
export function isAddressAllowed(ranges: readonly string[], ipAddress: string): boolean {
  if (ranges.length === 0) return true
  const family = isIP(ipAddress)
  if (family === 0) return false
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', bits = ''] = range.split('/')
    list.addSubnet(network, Number(bits), isIP(network) === 6 ? 'ipv6' : 'ipv4')
  }
  // BlockList takes an IPv4-mapped IPv6 address as the IPv4 address that it maps.
  return list.check(ipAddress, family === 6 ? 'ipv6' : 'ipv4')
}
