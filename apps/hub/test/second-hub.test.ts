import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHub, startTestHub, type TestHub } from './kit/hub.ts'
import { Program, repositoryRoot } from './kit/processes.ts'

// Guarantee (REL-20): one folder belongs to one hub; what a killed hub leaves running is adopted, not doubled.
describe('two hubs on one data folder', () => {
  let hub: TestHub

  beforeAll(async () => {
    hub = await startTestHub()
  }, 120_000)
  afterAll(async () => hub?.remove())

  it('refuses the second in words and leaves the first alone', async () => {
    const second = new Program(['apps/hub/src/main.ts'], hub.settings, repositoryRoot)
    expect(await second.exited).toBe(1)
    expect(second.output).toMatch(/Private Connect cannot start:\n {2}- .*(another|already).*hub/i)
    expect((await fetch(`${hub.url}/readyz`)).status).toBe(200)
  })

  it('adopts the database that a killed hub left running', async () => {
    await hub.program.stop('SIGKILL')
    const next = await startHub(hub.dataDir)
    expect((await fetch(`${next.url}/readyz`)).status).toBe(200)
    expect((await fetch(`${next.url}/v1/services`, { headers: { 'x-api-key': hub.apiKey } })).status).toBe(
      200,
    )
    expect(await next.program.stop()).toBe(0)
  })
})
