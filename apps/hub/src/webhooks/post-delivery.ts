import type { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import { callbackify, promisify } from 'node:util'
import { AppError } from '@private-connect/errors'
import { buildConnector, Client } from 'undici'

export interface PostOptions {
  readonly dial: (target: { workspaceId: string; url: string }, signal: AbortSignal) => Promise<Duplex>
  /** Over the whole exchange, from the look-up to the end of the answer. Default 15 s. */
  readonly timeoutMs?: number
  /** Certificate authorities instead of those that Node knows. */
  readonly ca?: string
}

export interface OutgoingDelivery {
  readonly workspaceId: string
  readonly url: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  /** Ends it before its time: the hub stops. */
  readonly signal: AbortSignal
}

export interface PostAnswer {
  /** Null where none came. */
  readonly statusCode: number | null
  readonly retryAfter: string | undefined
  /** A sentence for the webhook's owner; null where the endpoint took it. */
  readonly error: string | null
}

export type PostDelivery = (delivery: OutgoingDelivery) => Promise<PostAnswer>

/** More of an answer is not read: its status says all. */
const answerBytesMax = 4096

/**
 * Posts one delivery on a connection of its own, past proxies of the environment, without following redirects and
 * without decoding whatever comes back. Rejects only when `signal` ends it.
 */
export function createPostDelivery(options: PostOptions): PostDelivery {
  const { dial, timeoutMs = 15_000, ca } = options
  const trusted = ca === undefined ? {} : { ca }
  const secure = promisify(buildConnector({ allowH2: false, timeout: timeoutMs, ...trusted }))
  return async ({ signal: stopped, workspaceId, url, body, headers }) => {
    const { origin, pathname, search } = new URL(url)
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(timeoutMs)])
    const open = callbackify(async (target: buildConnector.Options) => {
      const socket = (await dial({ workspaceId, url }, signal)) as Socket
      return target.protocol === 'https:' ? secure({ ...target, httpSocket: socket }) : socket
    })
    const client = new Client(origin, {
      pipelining: 1,
      allowH2: false,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: (target, callback) =>
        open(target, (error: Error | null, socket: Socket | null) =>
          socket ? callback(null, socket) : callback(error ?? new Error('not connected'), null),
        ),
    })
    try {
      const answer = await client.request({ method: 'POST', path: pathname + search, headers, body, signal })
      await readSome(answer.body)
      const { statusCode } = answer
      const retryAfter = answer.headers['retry-after']
      return {
        statusCode,
        retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
        error: describeStatus(statusCode),
      }
    } catch (error) {
      if (stopped.aborted) throw error
      return { statusCode: null, retryAfter: undefined, error: describeFailure(error, signal, timeoutMs) }
    } finally {
      await client.destroy()
    }
  }
}

async function readSome(body: AsyncIterable<Uint8Array>): Promise<void> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes >= answerBytesMax) return
  }
}

function describeStatus(statusCode: number): string | null {
  if (statusCode >= 200 && statusCode < 300) return null
  if (statusCode >= 300 && statusCode < 400) return `It answered ${statusCode}; redirects are not followed.`
  return `It answered ${statusCode}.`
}

/** What its owner can act on. Addresses are left out: they would tell about the hub's network. */
function describeFailure(error: unknown, signal: AbortSignal, timeoutMs: number): string {
  if (signal.aborted || (error instanceof AppError && error.code === 'upstream.timeout')) {
    return `It did not answer within ${timeoutMs / 1000} seconds.`
  }
  if (error instanceof AppError) return 'It could not be reached.'
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code !== 'string') return 'The connection failed.'
  if (/CERT|TLS|SSL|VERIFY|ISSUER/.test(code)) return `Its TLS certificate or handshake failed: ${code}.`
  return `The connection failed: ${code}.`
}
