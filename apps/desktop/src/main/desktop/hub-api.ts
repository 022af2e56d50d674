import type { AppRouter } from '@private-connect/api'
import { Failure, HubRefusal } from '@private-connect/sharing'
import {
  createTRPCClient,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  TRPCClientError,
  type TRPCClient,
} from '@trpc/client'
import { EventSource } from 'eventsource'
import superjson from 'superjson'
import { openEventStream } from './open-event-stream.ts'
import { readAnswer } from './read-answer.ts'

export type HubClient = TRPCClient<AppRouter>

/** A hub's operations, as one caller. */
export interface HubApi {
  readonly hubUrl: string
  readonly client: HubClient
  /** Makes calls; what fails rejects with a Failure, a HubRefusal where the hub said no. */
  call<T>(work: (client: HubClient) => Promise<T>): Promise<T>
}

export interface HubApiOptions {
  readonly hubUrl: string
  readonly fetch: typeof globalThis.fetch
  readonly authorization: Readonly<Record<string, string>>
}

const timeoutMs = 15_000

export function createHubApi({ hubUrl, fetch, authorization }: HubApiOptions): HubApi {
  const url = `${hubUrl}/trpc`
  // No cookie and no redirect: the credential goes to this hub alone, and nothing else says who asks.
  const send = (input: string | URL, init: RequestInit): Promise<Response> =>
    fetch(String(input), { ...init, credentials: 'omit', cache: 'no-store', redirect: 'error' })
  const client = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: httpSubscriptionLink({
          url,
          transformer: superjson,
          EventSource,
          eventSourceOptions: () => ({
            fetch: (input, init) =>
              openEventStream(send, input, { ...init, headers: { ...init.headers, ...authorization } }),
          }),
        }),
        false: httpLink({
          url,
          transformer: superjson,
          headers: authorization,
          async fetch(input, init) {
            const stopping = new AbortController()
            const signal = AbortSignal.any([
              AbortSignal.timeout(timeoutMs),
              stopping.signal,
              ...(init?.signal ? [init.signal] : []),
            ])
            const answer = await send(input as string | URL, { ...init, signal })
            if (answer.headers.get('content-type')?.includes('json') === true)
              return readAnswer(answer, () => stopping.abort())
            stopping.abort()
            throw noAnswer(hubUrl, answer)
          },
        }),
      }),
    ],
  })
  return {
    hubUrl,
    client,
    call: async (work) =>
      work(client).catch((cause: unknown) => {
        throw toHubFailure(cause, hubUrl)
      }),
  }
}

/** What a failed call tells a person. */
export function toHubFailure(cause: unknown, hubUrl: string): Failure {
  if (cause instanceof Failure) return cause
  const error = cause instanceof TRPCClientError ? (cause as TRPCClientError<AppRouter>) : null
  if (error?.data) return toRefusal(error.data)
  if (error?.cause instanceof Failure) return error.cause
  const answer = error?.meta?.['response'] as Response | undefined
  return answer === undefined ? unreachable(hubUrl, cause) : noAnswer(hubUrl, answer)
}

/** What answered in words that are not a hub's. */
function noAnswer(hubUrl: string, { status }: Response): Failure {
  // A proxy before a hub that is away answers with one of these.
  return [502, 503, 504].includes(status) ? unreachable(hubUrl) : notAHub(hubUrl)
}

function unreachable(hubUrl: string, cause?: unknown): Failure {
  return new Failure('hubUnreachable', `The hub at ${hubUrl} cannot be reached.`, {
    hint: 'Check that it runs, and the connection to it.',
    cause,
  })
}

function toRefusal({
  code,
  message,
  issues = [],
}: NonNullable<TRPCClientError<AppRouter>['data']>): HubRefusal {
  const hint = issues.map((issue) => `${issue.path}: ${issue.message}`).join('\n')
  return new HubRefusal(code, message, { hint: hint === '' ? undefined : hint })
}

function notAHub(hubUrl: string): Failure {
  return new Failure(
    'hubUnreachable',
    `What answers at ${hubUrl} is not a Private Connect hub of this version.`,
    { hint: "Check the hub's address." },
  )
}
