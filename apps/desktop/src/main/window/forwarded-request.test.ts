import { afterEach, expect, it, vi } from 'vitest'
import { forwardApi, type ForwardPorts } from './forward-api.ts'

const access = { hubUrl: 'https://hub.example.com', authorization: { authorization: 'Bearer sess_own' } }
const portsWith = (fetch: ForwardPorts['fetch']): ForwardPorts => ({
  fetch,
  credential: () => access,
  log: { warn: () => undefined },
})

afterEach(() => void vi.useRealTimers())

/** What Node's fetch would not show: Electron's sends cookies, keeps answers and follows redirects unless it is told not to. */
it('the window’s call goes to the hub without cookies, from no cache, and nowhere else', async () => {
  const fetch = vi.fn<ForwardPorts['fetch']>(async () => Response.json({ result: 1 }))
  await forwardApi(portsWith(fetch), new Request('app://private-connect/trpc/auth.me'))
  expect(fetch.mock.calls).toEqual([
    [
      'https://hub.example.com/trpc/auth.me',
      expect.objectContaining({ credentials: 'omit', cache: 'no-store', redirect: 'manual' }),
    ],
  ])
})

it('the window waits a minute for a hub that says nothing, and no longer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const fetch: ForwardPorts['fetch'] = async (_url, { signal }) =>
    new Promise((_done, fail) => signal?.addEventListener('abort', () => fail(new Error('aborted'))))
  const answered = forwardApi(portsWith(fetch), new Request('app://private-connect/trpc/auth.me'))
  await vi.advanceTimersByTimeAsync(60_000)
  expect((await answered).status).toBe(502)
})
