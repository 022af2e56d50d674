import type { HubAccess } from '../desktop/desktop.ts'
import { abortableBody } from '../network/abortable-body.ts'
import { createEventMeter } from '../network/event-meter.ts'
import { answerFailure, type ApiFailure } from './api-failure.ts'
import { readBodyUpTo } from './read-body.ts'

export interface ForwardPorts {
  /** Follows no redirect, sends no cookies. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Null while nobody is signed in. */
  readonly credential: () => HubAccess | null
  readonly log: { warn(message: string, cause?: unknown): void }
}

/** Where the window's screens call the hub, at their own origin. */
export const apiPath = '/trpc/'

const procedures = /^\/trpc\/[\w.,-]{1,1024}$/
const targetCharsMax = 16_384
const bodyBytesMax = 1_048_576
const headersMs = 60_000

// Whatever else a page could send stays here: cookies, its origin, an authorization of its own.
const sentHeaders = ['accept', 'content-type', 'last-event-id', 'trpc-accept'] as const
// Hop-by-hop headers, lengths and encodings are this connection's own, and cookies would be the hub's.
const answeredHeaders = ['content-type', 'cache-control', 'retry-after', 'x-request-id'] as const

/** Calls the hub for the window, with the credential that the window never sees. Never rejects. */
export async function forwardApi(ports: ForwardPorts, request: Request): Promise<Response> {
  const access = ports.credential()
  const { pathname, search } = new URL(request.url)
  const refusal = refuse(request.method, pathname + search, access)
  if (refusal !== null || access === null) return answerFailure(refusal ?? 'signedOut')
  const body = request.method === 'POST' ? await readBodyUpTo(request, bodyBytesMax) : null
  if (body === 'too-large') return answerFailure('tooLarge')
  return call(ports, request, { access, target: pathname + search, body })
}

function refuse(method: string, target: string, access: HubAccess | null): ApiFailure | null {
  if (method !== 'GET' && method !== 'POST') return 'notFound'
  if (!procedures.test(target.split('?', 1)[0] ?? '')) return 'notFound'
  if (target.length > targetCharsMax) return 'tooLarge'
  return access === null ? 'signedOut' : null
}

interface HubCall {
  readonly access: HubAccess
  readonly target: string
  readonly body: Uint8Array<ArrayBuffer> | null
}

async function call(
  ports: ForwardPorts,
  request: Request,
  { access, target, body }: HubCall,
): Promise<Response> {
  const isStream = request.headers.get('accept') === 'text/event-stream'
  const abort = new AbortController()
  const deadline = setTimeout(() => abort.abort(new Error('The hub did not answer in time')), headersMs)
  try {
    const answer = await ports.fetch(access.hubUrl + target, {
      method: request.method,
      headers: { ...pick(request.headers, sentHeaders), ...access.authorization },
      body,
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      signal: abort.signal,
    })
    return passOn(answer, isStream, abort)
  } catch (cause) {
    ports.log.warn('The hub did not answer the window', cause)
    return isStream ? Response.error() : answerFailure('hubAway', access.hubUrl)
  } finally {
    clearTimeout(deadline)
  }
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400
const isForNow = (status: number): boolean => status === 429 || status >= 500

function passOn(answer: Response, isStream: boolean, abort: AbortController): Response {
  if (isRedirect(answer.status)) {
    abort.abort()
    return answerFailure('notAHub')
  }
  // An event stream takes up a lost connection again, but an answer of another status ends it for good.
  if (isStream && isForNow(answer.status)) {
    abort.abort()
    return Response.error()
  }
  const headers = { ...pick(answer.headers, answeredHeaders), 'x-content-type-options': 'nosniff' }
  // The window's own reader of events would take one without an end until the window dies.
  const look = isStream ? createEventMeter() : undefined
  const body = answer.body === null ? null : abortableBody(answer.body, abort, look)
  return new Response(body, { status: answer.status, headers })
}

function pick(headers: Headers, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )
}
