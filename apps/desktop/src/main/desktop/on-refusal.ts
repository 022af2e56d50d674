import { HubRefusal } from '@private-connect/sharing'
import type { HubApi } from './hub-api.ts'

const ended: ReadonlySet<string> = new Set(['auth.invalid', 'auth.required'])

/** The same hub; `onRefused` is called whenever it no longer takes the credential. */
export function onRefusal(api: HubApi, onRefused: () => void): HubApi {
  return {
    ...api,
    call: async (work) =>
      api.call(work).catch((cause: unknown) => {
        if (cause instanceof HubRefusal && ended.has(cause.code)) onRefused()
        throw cause
      }),
  }
}
