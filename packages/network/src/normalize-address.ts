import ipaddr from 'ipaddr.js'

/**
 * One spelling for each address: IPv4 as four plain decimals, IPv4-mapped IPv6 as the IPv4 address that it maps, IPv6
 * compressed in lower case. Undefined for all else: names, ports, zones, brackets, and the octal, hexadecimal and
 * shortened forms of IPv4, which programs read differently.
 */
export function normalizeAddress(text: string): string | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return text
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined
  return ipaddr.process(text).toString()
}
