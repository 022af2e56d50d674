import { startOwnedHub, type OwnedHub } from '@private-connect/sharing/testing'
import { signInTo } from './sign-in-to.ts'

/** A hub whose owner is signed in. */
export interface SignedInHub extends OwnedHub {
  /** The headers that the owner calls with. */
  readonly owner: { readonly authorization: string }
  /** Calls the API by the owner's key. */
  api(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Record<string, unknown> }>
  /** What the page of the device flow does. */
  decide(userCode: string, decision: 'approve' | 'deny'): Promise<void>
}

export async function startSignedInHub(): Promise<SignedInHub> {
  const hub = await startOwnedHub()
  const owner = await signInTo(hub)
  return {
    ...hub,
    owner,
    async api(method, path, body) {
      const answer = await fetch(hub.url + path, {
        method,
        headers: {
          'x-api-key': hub.apiKey,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    },
    async decide(userCode, decision) {
      const answer = await fetch(`${hub.url}/v1/device/verify`, {
        method: 'POST',
        headers: { ...owner, 'content-type': 'application/json' },
        body: JSON.stringify({ userCode, decision }),
      })
      if (!answer.ok) throw new Error(`the hub answered ${answer.status}`)
    },
  }
}
