/**
 * The proxy in what Chromium answers for an address, such as `PROXY proxy.example:3128; DIRECT`: the first one of HTTP or HTTPS.
 * Undefined goes straight, as it does where only SOCKS is offered, which the tunnel does not speak.
 */
export function readProxyRule(rule: string): URL | undefined {
  for (const entry of rule.split(';')) {
    const [, kind = '', address = ''] = /^\s*(\S+)\s*(\S*)\s*$/.exec(entry) ?? []
    if (kind.toUpperCase() === 'DIRECT') return undefined
    const scheme = schemes[kind.toUpperCase()]
    const url = scheme === undefined ? null : URL.parse(`${scheme}://${address}`)
    if (url !== null && url.href === `${url.origin}/`) return url
  }
  return undefined
}

const schemes: Readonly<Record<string, string>> = { PROXY: 'http', HTTPS: 'https' }
