import { Failure } from './failure.ts'

export const defaultHubUrl = 'http://127.0.0.1:7300'

/**
 * The hub's origin from what the user gave: http or https, a host, maybe a port, nothing else. `whereGiven` ends the
 * hint: where the user gives it.
 */
export function parseHubUrl(text: string, whereGiven = ''): string {
  const url = /^https?:\/\/[^/]/i.test(text) ? URL.parse(text) : null
  if (url === null) throw notAHubUrl('is not an http or https address', whereGiven)
  // Never repeated in the message: a password may be in it.
  if (url.username !== '' || url.password !== '') {
    throw notAHubUrl('must not contain a user name or password', whereGiven)
  }
  if (url.href !== `${url.origin}/`) throw notAHubUrl('must end after the host and port', whereGiven)
  return url.origin
}

function notAHubUrl(what: string, whereGiven: string): Failure {
  return new Failure('usage', `The hub's address ${what}.`, {
    hint: `Give one such as ${defaultHubUrl}${whereGiven}.`,
  })
}

/** Whether an address leads to this machine itself. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
  )
}

/** Whether an API key sent there could be read on its way. */
export function isPlaintextRemote(hubUrl: string): boolean {
  const { protocol, hostname } = new URL(hubUrl)
  return protocol === 'http:' && !isLoopbackHost(hostname)
}
