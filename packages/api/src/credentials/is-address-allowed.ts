import { parseNetworkRange } from '@private-connect/network'

/** Whether an address lies in one of the CIDR ranges. An empty list allows every address (SPEC §4). */
export function isAddressAllowed(ranges: readonly string[], ipAddress: string): boolean {
  return ranges.length === 0 || ranges.some((range) => parseNetworkRange(range)?.contains(ipAddress) === true)
}
