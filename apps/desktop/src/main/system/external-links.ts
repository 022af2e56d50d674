import { isLoopbackHost } from '@private-connect/sharing'

/** Addresses that the person trusts already. */
export interface TrustedAddresses {
  readonly hubUrl: string
  /** Links of this machine's own shares. */
  readonly linkUrls: readonly string[]
}

/**
 * The address to hand to the person's browser, or null: only https, to the hub, its neighbours in its own domain (a hub's links may
 * have another host than its API) and the hosts of own links. Plain http only where the hub itself is meant, or this machine by a hub on it:
 * another one must not lead the browser to what listens here.
 * Anything else that a system opens, such as `file:`, `smb:` or a program's own scheme, never.
 */
export function checkExternalLink(address: string, trusted: TrustedAddresses): string | null {
  const url = URL.parse(address)
  if (url === null || url.username !== '' || url.password !== '') return null
  const isAllowed = url.protocol === 'https:' ? isKnownHost(url, trusted) : isNearHost(url, trusted)
  return isAllowed ? url.href : null
}

function isKnownHost(url: URL, { hubUrl, linkUrls }: TrustedAddresses): boolean {
  const isNamed = [hubUrl, ...linkUrls].some((known) => URL.parse(known)?.host === url.host)
  return isNamed || isNeighbour(url.hostname, hubUrl)
}

function isNearHost(url: URL, { hubUrl }: TrustedAddresses): boolean {
  if (url.protocol !== 'http:') return false
  const hub = URL.parse(hubUrl)
  if (hub === null) return false
  return url.origin === hub.origin || (isLoopbackHost(url.hostname) && isLoopbackHost(hub.hostname))
}

/** `links.example.com` is one of `hub.example.com`; so is anything below the hub's own name. */
function isNeighbour(hostname: string, hubUrl: string): boolean {
  const hub = URL.parse(hubUrl)?.hostname ?? ''
  const isName = /^[a-z\d.-]+\.[a-z-]{2,}$/.test(hub)
  if (!isName) return false
  const parent = hub.slice(hub.indexOf('.') + 1)
  return hostname.endsWith(`.${hub}`) || (parent.includes('.') && hostname.endsWith(`.${parent}`))
}

export interface ExternalOpenerOptions {
  readonly trusted: () => TrustedAddresses
  /** Electron's `shell.openExternal`. */
  readonly open: (url: string) => Promise<void>
}

/** Opens what the list allows, and rejects the rest. The one way of this app to the person's browser. */
export function createExternalOpener({
  trusted,
  open,
}: ExternalOpenerOptions): (url: string) => Promise<void> {
  return async (url) => {
    const checked = checkExternalLink(url, trusted())
    if (checked === null) throw new Error('An address that is not on the list was not opened.')
    await open(checked)
  }
}
