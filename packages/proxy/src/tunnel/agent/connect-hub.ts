import { request as httpRequest } from 'node:http'
import { connect as netConnect, isIP, type Socket } from 'node:net'
import { connect as tlsConnect } from 'node:tls'
import { AttemptError } from './attempt-error.ts'

export interface HubRoute {
  /** `http:` or `https:`; the path is not used. */
  readonly hubUrl: URL
  /** An HTTP proxy that is asked to CONNECT, with basic credentials in the URL if it wants some. */
  readonly proxyUrl?: URL | undefined
  /** Certificates to trust instead of the system's, in PEM form. */
  readonly ca?: string | undefined
}

/** A connection to the hub, ready for an HTTP request: through the proxy if any, encrypted if the URL says so. */
export async function connectHub(route: HubRoute, signal: AbortSignal): Promise<Socket> {
  const { hubUrl, proxyUrl, ca } = route
  const plain =
    proxyUrl === undefined
      ? await openSocket(hubUrl, { signal })
      : await openThroughProxy(hubUrl, proxyUrl, signal)
  if (hubUrl.protocol !== 'https:') return plain
  return openSocket(hubUrl, { signal, ca, socket: plain })
}

interface OpenOptions {
  readonly signal: AbortSignal
  readonly ca?: string | undefined
  /** An open connection to encrypt, instead of a new one. */
  readonly socket?: Socket
}

function openSocket(url: URL, { signal, ca, socket }: OpenOptions): Promise<Socket> {
  const host = hostOf(url)
  const isEncrypted = socket !== undefined
  return new Promise((resolve, reject) => {
    const opened = isEncrypted
      ? tlsConnect({
          socket,
          ...(isIP(host) > 0 ? { host } : { servername: host }),
          ...(ca === undefined ? {} : { ca }),
          ALPNProtocols: ['http/1.1'],
          rejectUnauthorized: true,
        })
      : netConnect({ host, port: portOf(url), noDelay: true })
    const abort = (): void => void opened.destroy(abortError(signal))
    signal.addEventListener('abort', abort, { once: true })
    opened.once('error', reject)
    opened.once('close', () => {
      signal.removeEventListener('abort', abort)
      reject(new AttemptError('unreachable', 'The connection to the hub was closed.'))
    })
    opened.once(isEncrypted ? 'secureConnect' : 'connect', () => {
      signal.removeEventListener('abort', abort)
      // `reject` stays: an error before the next owner listens must not end the process.
      resolve(opened)
    })
    if (signal.aborted) abort()
  })
}

async function openThroughProxy(hubUrl: URL, proxyUrl: URL, signal: AbortSignal): Promise<Socket> {
  const plain = await openSocket(proxyUrl, { signal })
  const socket =
    proxyUrl.protocol === 'https:' ? await openSocket(proxyUrl, { signal, socket: plain }) : plain
  const authority = `${hubUrl.hostname}:${portOf(hubUrl)}`
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      createConnection: () => socket,
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...proxyCredentials(proxyUrl) },
      signal,
    })
    request.once('connect', (response, connected: Socket, head) => {
      if (response.statusCode === 200) {
        if (head.length > 0) connected.unshift(head)
        return resolve(connected)
      }
      connected.destroy()
      const message = `The proxy answered ${response.statusCode} when asked to connect to the hub.`
      reject(new AttemptError('proxy_failed', message))
    })
    request.once('error', (cause) =>
      reject(new AttemptError('proxy_failed', 'The proxy closed the connection.', { cause })),
    )
    request.end()
  })
}

function proxyCredentials(proxyUrl: URL): Record<string, string> {
  if (proxyUrl.username === '') return {}
  const pair = `${decodeURIComponent(proxyUrl.username)}:${decodeURIComponent(proxyUrl.password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
}

function hostOf(url: URL): string {
  return url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'https:' ? 443 : 80
}

function abortError(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted')
}
