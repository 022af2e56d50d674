import type { AppRouter } from '@private-connect/api'
import {
  createTRPCClient,
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  TRPCClientError,
  type TRPCClient,
} from '@trpc/client'
import superjson from 'superjson'

export type HubClient = TRPCClient<AppRouter>

/** The hub takes at most so many calls in one request. */
const batchCallsMax = 10

/** The context of a call that may take long or be stopped: in a request of its own, no other call waits for it. */
export const askedAlone = { isAlone: true }

/** Calls a hub's operations; in a browser the session cookie says who asks. */
export function createHubClient(url: string): HubClient {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: httpSubscriptionLink({ url, transformer: superjson }),
        false: splitLink({
          condition: ({ context }) => context['isAlone'] === true,
          true: httpLink({ url, transformer: superjson }),
          false: httpBatchLink({ url, transformer: superjson, maxItems: batchCallsMax }),
        }),
      }),
    ],
  })
}

interface HubFailure {
  readonly code: string | null
  readonly sentence: string
  readonly issues: ReadonlyArray<{ readonly path: string; readonly message: string }>
}

/** What a failed call tells a person. */
export function describeFailure(error: unknown): HubFailure {
  const offline = { code: null, sentence: 'The hub does not answer. Is it running?', issues: [] }
  if (!(error instanceof TRPCClientError)) {
    return { ...offline, sentence: error instanceof Error ? error.message : String(error) }
  }
  const { data } = error as TRPCClientError<AppRouter>
  if (data === null || data === undefined) return offline
  return { code: data.code, sentence: data.message, issues: data.issues ?? [] }
}
