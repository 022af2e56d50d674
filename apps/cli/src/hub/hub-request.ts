import { errorBody } from '@private-connect/api/contracts'
import { Failure, HubRefusal } from '@private-connect/sharing'
import { request, type Dispatcher } from 'undici'
import type { z } from 'zod'
import { whereHubIsGiven } from './hub-flags.ts'

/** What the hub knows its caller by: `none` only while signing in. */
export type HubCredential =
  | { readonly kind: 'api_key' | 'session'; readonly value: string }
  | { readonly kind: 'none' }

export interface HubConnection {
  readonly hubUrl: string
  readonly credential: HubCredential
  readonly dispatcher: Dispatcher
}

export interface HubCall<Output extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Path and query; every part that is not fixed must be percent-encoded. */
  readonly path: string
  readonly body?: unknown
  readonly output: Output
}

export interface HubAnswer<Value> {
  readonly value: Value
  /** Path and query of the list's next page, from the `Link` header. */
  readonly nextPath: string | null
}

const timeoutMs = 15_000
const answerBytesMax = 4 * 1024 * 1024

/**
 * One REST call, its answer checked against the contract: a hub of another version, or something that is no hub, gets
 * a sentence instead of a crash later. No redirect is followed and no compressed answer asked for.
 */
export async function callHub<Output extends z.ZodType>(
  connection: HubConnection,
  call: HubCall<Output>,
): Promise<HubAnswer<z.output<Output>>> {
  const { status, headers, body } = await exchange(connection, call)
  if (status >= 400) {
    const refusal = errorBody.safeParse(body)
    throw refusal.success ? toRefusal(refusal.data) : notAHub(connection.hubUrl)
  }
  const parsed = call.output.safeParse(body)
  if (status >= 300 || !parsed.success) throw notAHub(connection.hubUrl)
  return { value: parsed.data, nextPath: readNextPath(headers['link'], connection.hubUrl) }
}

function toRefusal({ code, message, issues, requestId }: z.infer<typeof errorBody>): HubRefusal {
  const whatToChange = (issues ?? []).map((issue) => `${issue.path}: ${issue.message}`).join('\n')
  const hint = hintFor(code) ?? (whatToChange === '' ? `The hub logs it as ${requestId}.` : whatToChange)
  return new HubRefusal(code, message, { hint })
}

async function exchange({ hubUrl, credential, dispatcher }: HubConnection, call: HubCall<z.ZodType>) {
  try {
    const answer = await request(hubUrl + call.path, {
      dispatcher,
      method: call.method,
      headers: {
        ...credentialHeaders(credential),
        accept: 'application/json',
        'accept-encoding': 'identity',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    })
    return { status: answer.statusCode, headers: answer.headers, body: await readJson(answer.body) }
  } catch (cause) {
    throw unreachable(hubUrl, cause)
  }
}

export function credentialHeaders(credential: HubCredential): Record<string, string> {
  if (credential.kind === 'none') return {}
  const { kind, value } = credential
  return kind === 'api_key' ? { 'x-api-key': value } : { authorization: `Bearer ${value}` }
}

/** The body as JSON, undefined when it is none or longer than any answer of a hub. */
async function readJson(body: Dispatcher.ResponseData['body']): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > answerBytesMax) return undefined
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined
  }
}

/** The next page's path and query. Host and scheme stay ours, so that an answer cannot send the key elsewhere. */
function readNextPath(link: string | string[] | undefined, hubUrl: string): string | null {
  const target = /<([^>]*)>\s*;[^,]*rel="?next"?/.exec([link].flat().join(', '))?.[1]
  const url = target === undefined ? null : URL.parse(target, hubUrl)
  return url === null ? null : url.pathname + url.search
}

function unreachable(hubUrl: string, cause: unknown): Failure {
  const { code } = cause as { code?: string }
  const reason = code ?? (cause instanceof Error ? cause.message : 'unknown reason')
  return new Failure('hubUnreachable', `The hub at ${hubUrl} cannot be reached (${reason}).`, {
    hint: `Start it with npm start, or name another one${whereHubIsGiven}.`,
    cause,
  })
}

function notAHub(hubUrl: string): Failure {
  return new Failure(
    'hubUnreachable',
    `What answers at ${hubUrl} is not a Private Connect hub of this version.`,
    {
      hint: `Check the address given${whereHubIsGiven}.`,
    },
  )
}

function hintFor(code: string): string | undefined {
  switch (code) {
    case 'auth.required':
    case 'auth.invalid':
      return 'Sign in with npx private-connect login, or give a key in PRIVATE_CONNECT_API_KEY (npm run api-key makes one).'
    case 'auth.ip_not_allowed':
      return 'Its owner can widen the addresses that may use the key.'
    case 'request.rate_limited':
      return 'Wait a minute.'
    case 'share.not_found':
      return 'npx private-connect ls lists the active ones with their ids.'
    default:
      return undefined
  }
}
