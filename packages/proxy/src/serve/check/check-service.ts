import { isIP } from 'node:net'
import type { Dial, UpstreamService } from '../dial.ts'
import type { CheckReport, CheckStep } from './check-report.ts'
import { describeDialFailure } from './dial-failure.ts'
import { detectSpeech, type OpenStream, type Speech } from './detect-speech.ts'

export interface ServiceCheckOptions {
  readonly dial: Dial
  /** For opening one connection, and again for each thing that is said over it. */
  readonly stepTimeoutMs?: number
}

/** Checks a service over the very dial that visitors' requests take: connects, and speaks what it is said to speak. */
export function createServiceCheck({ dial, stepTimeoutMs = 5_000 }: ServiceCheckOptions) {
  return async (service: UpstreamService): Promise<CheckReport> => {
    const open: OpenStream = async () => {
      const stream = await dial(service, {
        shareId: '',
        kind: 'query',
        signal: AbortSignal.timeout(stepTimeoutMs),
        awaitsOpen: true,
      })
      // It may be reset at any moment; whoever waits for it hears of it by the close.
      stream.on('error', () => undefined)
      return stream
    }
    const startedMs = performance.now()
    try {
      const stream = await open()
      const latencyMs = Math.round(performance.now() - startedMs)
      const speech = await detectSpeech(service, { first: stream, open, stepTimeoutMs })
      return { ...describeSpeech(speech), dns: dnsOf(service), tcp: 'ok', latencyMs }
    } catch (error) {
      return describeDialFailure(service, error)
    }
  }
}

/** An agent resolves names on its own machine, and an address needs no resolving. */
function dnsOf({ agentId, targetHost }: UpstreamService): CheckStep {
  return agentId === null && isIP(targetHost) === 0 ? 'ok' : 'skipped'
}

type Finding = Pick<CheckReport, 'tls' | 'http' | 'message' | 'status'>

function describeSpeech(speech: Speech): Finding {
  const tls = speech.isTls ? 'ok' : 'skipped'
  if (speech.kind === 'http') {
    const message = `It answers ${speech.isTls ? 'HTTPS' : 'HTTP'} with status ${speech.statusCode}.`
    return { tls, http: 'ok', message, status: 'active' }
  }
  if (speech.kind === 'silent') {
    const message = 'It accepts connections, but does not answer HTTP.'
    return { tls, http: 'failed', message, status: 'unreachable' }
  }
  if (speech.kind === 'tls_failed') {
    const message = `The TLS connection failed: ${speech.reason}.`
    return { tls: 'failed', http: 'skipped', message, status: 'unreachable' }
  }
  return { tls, http: 'skipped', message: 'It accepts connections.', status: 'active' }
}
