import { isLoopbackHost } from './hub-url.ts'

/**
 * Whether the page that a hub names for signing in is its own. Only such a one is opened unasked: no hub sends a browser to
 * others, or to what listens at this machine.
 */
export function isHubsOwnPage(address: string, hubUrl: string): boolean {
  const [page, hub] = [URL.parse(address), new URL(hubUrl)]
  return page !== null && page.username === '' && page.password === '' && isSameServer(page, hub)
}

/** `localhost` and `127.0.0.1` are one machine by two names. */
function isSameServer(page: URL, hub: URL): boolean {
  if (page.origin === hub.origin) return true
  const areHere = isLoopbackHost(page.hostname) && isLoopbackHost(hub.hostname)
  return areHere && page.protocol === hub.protocol && page.port === hub.port
}
