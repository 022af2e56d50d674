import type { AccessLogFilter } from '@private-connect/db'
import { parseNetworkRange } from '@private-connect/network'
import type { AccessLogFilterInput } from '../../contracts/index.ts'
import { invalidRequest } from '../../errors/to-api-error.ts'

/** What a caller asks for, as the database takes it. Throws `request.invalid`. */
export function readAccessLogFilter(input: AccessLogFilterInput): AccessLogFilter {
  const { from, to, status, ip, path, method, denied, visitor } = input
  return {
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
    statusCodes: status?.filter((one) => !one.endsWith('xx')).map(Number),
    statusClasses: status?.filter((one) => one.endsWith('xx')).map((one) => Number(one.charAt(0))),
    ipRange: ip === undefined ? undefined : readRange(ip),
    path,
    methods: method,
    isDenied: denied,
    visitorId: visitor,
  }
}

function readRange(text: string): string {
  const range = parseNetworkRange(text)
  if (range !== undefined) return range.text
  const message = 'Must be an address or a CIDR range without host bits, such as 203.0.113.0/24'
  throw invalidRequest([{ path: 'ip', message }])
}
