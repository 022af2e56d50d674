import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { UpstreamService } from '../dial.ts'
import { secureStream } from '../dial/secure-stream.ts'
import { probeHttp } from './probe-http.ts'

/** Opens one more connection to the service. */
export type OpenStream = () => Promise<Duplex>

/** What was found on the other end of an open connection. */
export type Speech =
  | { readonly kind: 'http'; readonly isTls: boolean; readonly statusCode: number }
  /** HTTP was expected, and nothing of it came. */
  | { readonly kind: 'silent'; readonly isTls: boolean }
  | { readonly kind: 'tls_failed'; readonly isTls: true; readonly reason: string }
  /** Nothing more was asked, or nothing more is known. */
  | { readonly kind: 'tcp'; readonly isTls: boolean }

export interface DetectOptions {
  /** A connection that is open already. */
  readonly first: Duplex
  readonly open: OpenStream
  readonly stepTimeoutMs: number
}

/** PostgreSQL, MySQL, MongoDB, Redis: speaking TLS or HTTP to them only fills their logs. */
const databasePorts: ReadonlySet<number> = new Set([5432, 3306, 27_017, 6379])

/** Speaks what the service is said to speak; for `auto` finds out: TLS first, then HTTP. */
export async function detectSpeech(service: UpstreamService, options: DetectOptions): Promise<Speech> {
  const { protocol, targetPort } = service
  if (protocol === 'tcp' || (protocol === 'auto' && databasePorts.has(targetPort))) {
    options.first.destroy()
    return { kind: 'tcp', isTls: false }
  }
  if (protocol === 'http') return speakHttp(service, { ...options, isTls: false })
  const tls = await speakTls(service, options)
  return protocol === 'https' ? tls : (judgeTls(tls) ?? (await speakPlain(service, options)))
}

/** What a TLS attempt says of a service that may speak anything; null: no TLS. */
function judgeTls(tls: TlsSpeech): Speech | null {
  if (tls.kind === 'tls_failed') return tls.isCertificate ? tls : null
  return tls.kind === 'silent' ? { kind: 'tcp', isTls: true } : tls
}

async function speakPlain(service: UpstreamService, options: DetectOptions): Promise<Speech> {
  const plain = await speakHttp(service, { ...options, first: await options.open(), isTls: false })
  return plain.kind === 'http' ? plain : { kind: 'tcp', isTls: false }
}

type TlsSpeech =
  | Exclude<Speech, { kind: 'tls_failed' | 'tcp' }>
  | {
      readonly kind: 'tls_failed'
      readonly isTls: true
      readonly reason: string
      readonly isCertificate: boolean
    }

async function speakTls(service: UpstreamService, options: DetectOptions): Promise<TlsSpeech> {
  const { first, stepTimeoutMs } = options
  const late = delay(stepTimeoutMs, null, { ref: false })
  try {
    const secured = await Promise.race([secureStream(first, service), late])
    if (secured !== null) {
      secured.on('error', () => undefined)
      return await speakHttp(service, { ...options, first: secured, isTls: true })
    }
    first.destroy()
    return { kind: 'tls_failed', isTls: true, reason: 'no answer in time', isCertificate: false }
  } catch (error) {
    const { code = '', message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException
    return { kind: 'tls_failed', isTls: true, reason: message, isCertificate: certificateErrors.test(code) }
  }
}

/** OpenSSL's verdicts on a certificate, and Node's own on its names; all else says that no TLS is spoken. */
const certificateErrors = /CERT|SIGNATURE|SELF_SIGNED|ISSUER|CRL/

async function speakHttp(
  service: UpstreamService,
  { first, stepTimeoutMs, isTls }: DetectOptions & { readonly isTls: boolean },
): Promise<Extract<Speech, { kind: 'http' | 'silent' }>> {
  const statusCode = await probeHttp(first, service, stepTimeoutMs)
  first.destroy()
  return statusCode === null ? { kind: 'silent', isTls } : { kind: 'http', isTls, statusCode }
}
