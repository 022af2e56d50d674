import { parseNetworkRange, type NetworkRange } from '@private-connect/network'
import { emailAddress } from '@private-connect/api/contracts'
import { z } from 'zod'
import type { Registration } from './sign-in/registration.ts'

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

/** Whether a host name can only mean this machine. */
export function isLoopbackName(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/.test(hostname)
}

/** A development server: what it sends is run in the hub's own pages, so it has to be this machine's. */
export const devServerUrl = httpUrl.refine(
  ({ protocol, hostname }) => protocol === 'http:' && isLoopbackName(hostname),
  'must be http:// on this machine, such as http://127.0.0.1:7301',
)

/** A DNS name with an optional port, lower-cased. */
export const shareDomain = z
  .string()
  .toLowerCase()
  .regex(
    /^(?=.{1,200}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*(?::\d{1,5})?$/,
    'must be a domain such as share.example.com, with a port where links need one',
  )

/** Where mails are handed in; the host and everything that nodemailer takes in the query. */
export const smtpUrl = z
  .string()
  .refine(
    (text) => /^smtps?:$/.test(URL.parse(text)?.protocol ?? '') && URL.parse(text)?.hostname !== '',
    'must be like smtps://user:password@mail.example.com or smtp://mail.example.com:587',
  )

const mailDomain =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/

/** `open`, `closed`, or comma-separated mail domains. */
export const registration = z
  .string()
  .toLowerCase()
  .transform((text, context): Registration => {
    if (text === 'open' || text === 'closed') return text
    const domains = text.split(',').map((part) => part.trim())
    if (domains.every((domain) => mailDomain.test(domain))) return { domains }
    context.addIssue({
      code: 'custom',
      message: 'must be open, closed, or mail domains such as example.com,example.org',
    })
    return z.NEVER
  })

/** `Name <address>` or an address alone. */
export const mailSender = z.string().transform((text, context) => {
  const [, name = '', inBrackets] = /^([^<>"\p{Cc}]*)<([^<>]+)>$/u.exec(text.trim()) ?? []
  const address = emailAddress.safeParse(inBrackets ?? text)
  if (address.success) return { name: name.trim(), address: address.data }
  context.addIssue({
    code: 'custom',
    message: 'must be like Private Connect <hub@example.com>, or an address alone',
  })
  return z.NEVER
})

/** What keys are derived from. */
export const secret = z
  .string()
  .min(32, {
    error: 'must have at least 32 characters; make one with: openssl rand -hex 32',
    abort: true,
  })
  .refine((text) => new Set(text).size >= 10, 'is too easy to guess; make one with: openssl rand -hex 32')

export const redisUrl = z.string().regex(/^rediss?:\/\//, 'must begin with redis:// or rediss://')

export const wholeNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max)

/** Whose word on their visitors counts. */
export const proxyRanges = networkRanges.refine((ranges) => ranges.every((range) => range.prefixBits > 0), {
  message: 'may not name every address: list your proxies, for example 10.0.0.0/8',
})
