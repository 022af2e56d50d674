// Guarantee (DOS-17): a programming mistake in one request ends that request at most: the process stays, the others are
// answered, and the mistake is logged and counted.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { repositoryRoot } from './kit/processes.ts'

let hub: TestHub

beforeAll(async () => {
  hub = await startTestHub({
    NODE_OPTIONS: `--import=${join(repositoryRoot, 'apps/hub/test/kit/plant-mistakes.js')}`,
  })
}, 60_000)
afterAll(async () => hub?.remove())

it.each([
  ['a timer', '/livez?mistake=later', 'uncaught exception'],
  ['a promise', '/livez?mistake=promise', 'unhandled rejection'],
])('in %s', async (place, path, message) => {
  expect((await fetch(hub.url + path)).status).toBe(200)
  await hub.program.waitFor(new RegExp(`a mistake in ${place}[^]*"msg":"${message}"`))
  expect((await fetch(`${hub.url}/livez`)).status).toBe(200)
})

it('in the handler itself', async () => {
  const faulty = await fetch(`${hub.url}/?mistake=now`)
  expect([faulty.status, await faulty.json()]).toMatchObject([500, { code: 'internal' }])
  await hub.program.waitFor(/a mistake in a handler[^]*"msg":"uncaught exception"/)
  await vi.waitFor(
    async () => {
      const metrics = await (await fetch(`${hub.url}/metrics`)).text()
      expect(metrics).toContain('private_connect_uncaught_errors_total 3')
    },
    { timeout: 10_000 },
  )
})
