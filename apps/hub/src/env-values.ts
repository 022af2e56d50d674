import ipaddr from 'ipaddr.js'
import { z } from 'zod'

/** A range of addresses; IPv4-mapped IPv6 addresses count as IPv4. */
export interface NetworkRange {
  readonly text: string
  readonly prefixBits: number
  contains(address: string): boolean
}

/** One address or CIDR range, or undefined where the text is neither. Host bits must be zero. */
export function parseNetworkRange(text: string): NetworkRange | undefined {
  const [addressText = '', bitsText, ...rest] = text.split('/')
  if (rest.length > 0 || !ipaddr.isValid(addressText)) return undefined
  // ipaddr.js also takes the octal and one-number forms of IPv4, which other software reads differently.
  if (ipaddr.IPv4.isValid(addressText) && !ipaddr.IPv4.isValidFourPartDecimal(addressText)) return undefined
  const address = ipaddr.process(addressText)
  const widthBits = address.kind() === 'ipv4' ? 32 : 128
  const prefixBits = bitsText === undefined ? widthBits : parsePrefix(bitsText, widthBits)
  if (prefixBits === undefined || !hasNoHostBits(address.toByteArray(), prefixBits)) return undefined
  return {
    text,
    prefixBits,
    contains: (candidate) => {
      if (!ipaddr.isValid(candidate)) return false
      const parsed = ipaddr.process(candidate)
      return parsed.kind() === address.kind() && parsed.match(address, prefixBits)
    },
  }
}

function parsePrefix(text: string, widthBits: number): number | undefined {
  if (!/^(0|[1-9]\d{0,2})$/.test(text)) return undefined
  const bits = Number(text)
  return bits <= widthBits ? bits : undefined
}

function hasNoHostBits(bytes: readonly number[], prefixBits: number): boolean {
  return bytes.every((byte, index) => {
    const hostBits = Math.min(8, Math.max(0, (index + 1) * 8 - prefixBits))
    return (byte & ((1 << hostBits) - 1)) === 0
  })
}

/** Comma-separated addresses and ranges. */
export const networkRanges = z.string().transform((text, context) => {
  const ranges: NetworkRange[] = []
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const range = parseNetworkRange(part)
    if (range === undefined) {
      context.addIssue({
        code: 'custom',
        message: `has '${part}', which is neither an address nor a range such as 10.0.0.0/8`,
      })
      return z.NEVER
    }
    ranges.push(range)
  }
  return ranges
})

/** An http or https URL with nothing behind the host, as links and cookies are built from it. */
export const httpUrl = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain =
    url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === ''
  if (!isPlain || url.hash !== '' || url.username !== '' || url.password !== '') {
    context.addIssue({ code: 'custom', message: 'must be like https://hub.example.com, without a path' })
    return z.NEVER
  }
  return url
})

/** A DNS name with an optional port, lower-cased. */
export const shareDomain = z
  .string()
  .toLowerCase()
  .regex(
    /^(?=.{1,200}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*(?::\d{1,5})?$/,
    'must be a domain such as share.example.com, with a port where links need one',
  )
