import { waitForToken, type DeviceCode, type DeviceToken } from '@private-connect/sharing'
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
  const stopping = new AbortController()
  const token = pollToken(api, code, stopping.signal)
  // Whoever waits for it hears of it.
  token.catch(() => undefined)
  return { code, token, cancel: () => stopping.abort() }
}

async function pollToken(api: HubApi, code: DeviceCode, signal: AbortSignal): Promise<DeviceToken | null> {
  return waitForToken({
    hub: {
      pollDeviceToken: async (deviceCode) =>
        api.call(async ({ devices }) => devices.token.query({ deviceCode })),
    },
    code,
    signal,
    startAgainHint: 'Sign in again.',
  })
}
