import { createDeviceCodeOutput } from '@private-connect/api/contracts'
import {
  Failure,
  isHubsOwnPage,
  waitForToken,
  type DeviceCode,
  type DeviceToken,
} from '@private-connect/sharing'
import { createHubApi, type HubApi } from './hub-api.ts'

export interface DeviceFlow {
  readonly code: DeviceCode
  /** The token once a person has let this app in; null after `cancel`. Rejects with a Failure. */
  readonly token: Promise<DeviceToken | null>
  cancel(): void
}

export interface DeviceFlowOptions {
  readonly hubUrl: string
  readonly fetch: typeof globalThis.fetch
  readonly hostName: string
}

/** Begins the sign-in of this app (RFC 8628). */
export async function startDeviceFlow({ hubUrl, fetch, hostName }: DeviceFlowOptions): Promise<DeviceFlow> {
  const api = createHubApi({ hubUrl, fetch, authorization: {} })
  const clientName = `Private Connect on ${hostName}`.slice(0, 100)
  const code = await api.call(async ({ devices }) => devices.code.mutate({ clientName }))
  refuseForeignPage(code.verificationUriComplete, hubUrl)
  if (!createDeviceCodeOutput.safeParse(code).success) {
    throw new Failure('failed', 'The hub answered what this version of the app does not understand.')
  }
  const stopping = new AbortController()
  const token = pollToken(api, code, stopping.signal)
  // Whoever waits for it hears of it.
  token.catch(() => undefined)
  return { code, token, cancel: () => stopping.abort() }
}

/** Whatever the hub says, it is neither flooded nor forgotten. In seconds. */
function boundInterval(interval: number): number {
  return Number.isFinite(interval) ? Math.min(Math.max(interval, 1), 60) : 5
}

/** The page is opened unasked. */
function refuseForeignPage(address: string, hubUrl: string): void {
  if (isHubsOwnPage(address, hubUrl)) return
  const page = URL.parse(address)
  const hint =
    page !== null && /^https?:$/.test(page.protocol) && page.host.length <= 253
      ? `If you trust ${page.origin}, give that as the hub's address.`
      : 'Tell whoever runs the hub.'
  throw new Failure('failed', 'The hub names a page for signing in that is not its own.', { hint })
}

async function pollToken(api: HubApi, code: DeviceCode, signal: AbortSignal): Promise<DeviceToken | null> {
  return waitForToken({
    hub: {
      pollDeviceToken: async (deviceCode) =>
        api.call(async ({ devices }) => devices.token.query({ deviceCode })),
    },
    code: { ...code, interval: boundInterval(code.interval) },
    signal,
    startAgainHint: 'Sign in again.',
  })
}
