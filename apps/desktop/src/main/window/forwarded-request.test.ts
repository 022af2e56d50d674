import { expect, it, vi } from 'vitest'
import { forwardApi, type ForwardPorts } from './forward-api.ts'

/** What Node's fetch would not show: Electron's sends cookies, keeps answers and follows redirects unless it is told not to. */
it('the window’s call goes to the hub without cookies, from no cache, and nowhere else', async () => {
  const fetch = vi.fn<ForwardPorts['fetch']>(async () => Response.json({ result: 1 }))
  const access = { hubUrl: 'https://hub.example.com', authorization: { authorization: 'Bearer sess_own' } }
  const ports = { fetch, credential: () => access, log: { warn: () => undefined } }
  await forwardApi(ports, new Request('app://private-connect/trpc/auth.me'))
  expect(fetch.mock.calls).toEqual([
    [
      'https://hub.example.com/trpc/auth.me',
      expect.objectContaining({ credentials: 'omit', cache: 'no-store', redirect: 'manual' }),
    ],
  ])
})
