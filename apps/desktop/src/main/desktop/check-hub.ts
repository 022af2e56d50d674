import { HubRefusal } from '@private-connect/sharing'
import { createHubApi } from './hub-api.ts'

/** Rejects with a Failure where no hub answers: only a hub refuses a stranger in its own words. */
export async function checkHub(hubUrl: string, fetch: typeof globalThis.fetch): Promise<void> {
  const api = createHubApi({ hubUrl, fetch, authorization: {} })
  await api
    .call(async (client) => client.auth.me.query({}))
    .catch((cause: unknown) => {
      if (!(cause instanceof HubRefusal)) throw cause
    })
}
