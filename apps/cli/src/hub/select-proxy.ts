import { isLoopbackHost } from '@private-connect/sharing'

/** The usual variables, in either case of letters. */
export interface ProxySettings {
  readonly httpProxy: string | undefined
  readonly httpsProxy: string | undefined
  readonly noProxy: string | undefined
}

/** The HTTP proxy between here and the hub; undefined goes straight, as it always does to this machine itself. */
export function selectProxy(hubUrl: string, settings: ProxySettings): URL | undefined {
  const { protocol, hostname, host } = new URL(hubUrl)
  const setting = protocol === 'https:' ? settings.httpsProxy : settings.httpProxy
  if (setting === undefined || isLoopbackHost(hostname)) return undefined
  const exceptions = (settings.noProxy ?? '').split(/[\s,]+/).filter((entry) => entry !== '')
  if (exceptions.some((entry) => covers(entry.toLowerCase(), { hostname, host }))) return undefined
  const proxy = URL.parse(setting.includes('://') ? setting : `http://${setting}`)
  return proxy?.protocol === 'http:' ? proxy : undefined
}

/** `*`, a host with or without port, or a domain with all below it (`.example.com`, `*.example.com`, `example.com`). */
function covers(entry: string, { hostname, host }: { hostname: string; host: string }): boolean {
  if (entry === '*' || entry === hostname || entry === host) return true
  const domain = entry.replace(/^\*?\./, '')
  return domain !== '' && (hostname === domain || hostname.endsWith(`.${domain}`))
}
