import { HubRefusal } from '@private-connect/sharing'
import { expect, it, vi } from 'vitest'
import type { HubApi } from './hub-api.ts'
import { onRefusal } from './on-refusal.ts'

/** Only a credential that the hub no longer takes ends the session: other refusals, and a hub that is away, leave it as it is. */
it.each([
  ['auth.invalid', new HubRefusal('auth.invalid', 'No.'), 1],
  ['auth.required', new HubRefusal('auth.required', 'No.'), 1],
  ['another refusal of what may be done', new HubRefusal('auth.forbidden', 'No.'), 0],
  ['a refusal of what is asked', new HubRefusal('share.not_found', 'No.'), 0],
  ['a hub that is away', new Error('away'), 0],
])('%s', async (_what, cause, times) => {
  const onRefused = vi.fn()
  const api = { call: () => Promise.reject(cause) } as unknown as HubApi
  await expect(onRefusal(api, onRefused).call(async () => undefined)).rejects.toBe(cause)
  expect(onRefused).toHaveBeenCalledTimes(times)
})
