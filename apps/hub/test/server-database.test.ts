import { startEmbeddedPostgres, type EmbeddedPostgres } from '@private-connect/db/embedded'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTemporaryFolder, Program } from './kit/processes.ts'
import { createApiKey } from './kit/hub.ts'
import { chmodSync } from 'node:fs'

// Guarantee: a hub runs on any PostgreSQL from 15 on by DATABASE_URL, and then insists on what production needs.
describe("a hub on Debian's PostgreSQL 15", () => {
  const folder = makeTemporaryFolder()
  let postgres: EmbeddedPostgres

  beforeAll(async () => {
    chmodSync(folder.path, 0o755)
    postgres = await startEmbeddedPostgres({
      dataDir: `${folder.path}/server`,
      log: { info: () => {}, warn: () => {} },
      runtime: { binDir: '/usr/lib/postgresql/15/bin', major: 15 },
    })
  })
  afterAll(async () => {
    await postgres?.stop()
    folder.remove()
  })

  const settings = () => ({
    PORT: '0',
    DATA_DIR: `${folder.path}/hub`,
    DATABASE_URL: postgres.url,
    HUB_SECRET: '0123456789abcdef0123456789abcdef',
    HUB_URL: 'http://127.0.0.1:7399',
    LINK_URL: 'http://localhost:7399',
  })

  it('migrates it, prints no sign-in link, and serves the API', async () => {
    const program = new Program(['apps/hub/src/main.ts'], settings())
    await program.waitFor(/Private Connect is running/)
    expect(program.output).not.toContain('Sign in (once)')
    const [, port] = await program.waitFor(/"port":(\d+)/)
    // Private targets are for whoever lists them (SSRF-08).
    const health = await fetch(`http://127.0.0.1:${port}/health`)
    expect(await health.json()).toMatchObject({ notices: [] })
    const key = await createApiKey({ settings: settings() })
    const answer = await fetch(`http://127.0.0.1:${port}/v1/shares`, { headers: { 'x-api-key': key } })
    expect([answer.status, await answer.json()]).toEqual([200, { shares: [] }])
    expect(await program.stop()).toBe(0)
  })

  it('goes on under a new secret once it was rotated, with all that was stored under the old one', async () => {
    const start = async (env: Record<string, string>) => {
      const program = new Program(['apps/hub/src/main.ts'], env)
      await program.waitFor(/Private Connect is running/)
      const [, port] = await program.waitFor(/"port":(\d+)/)
      return { program, url: `http://127.0.0.1:${port}` }
    }
    const create = async (url: string, apiKey: string) => {
      const answer = await fetch(`${url}/v1/agents/register`, {
        method: 'POST',
        headers: { 'x-api-key': apiKey, 'content-type': 'application/json', 'idempotency-key': 'kept-1' },
        body: '{"name":"laptop"}',
      })
      return [answer.status, answer.headers.get('idempotency-replayed'), await answer.text()]
    }
    const before = await start(settings())
    const key = await createApiKey({ settings: settings() })
    const [status, , body] = await create(before.url, key)
    expect(status).toBe(201)
    expect(await before.program.stop()).toBe(0)

    const { HUB_SECRET: old } = settings()
    const renewed = { ...settings(), HUB_SECRET: 'fedcba9876543210fedcba9876543210' }
    const rotate = async (env: Record<string, string>) => {
      const program = new Program(['apps/hub/src/rotate-secret.ts'], env)
      return { code: await program.exited, output: program.output }
    }
    expect(await rotate(renewed)).toMatchObject({ code: 1 })
    const rotated = await rotate({ ...renewed, HUB_SECRET_PREVIOUS: old })
    expect(rotated).toEqual({
      code: 0,
      output: expect.stringMatching(/Encrypted 1 record [^]*HUB_SECRET_PREVIOUS is not needed now/),
    })

    const after = await start(renewed)
    expect(await create(after.url, key)).toEqual([201, 'true', body])
    expect(await after.program.stop()).toBe(0)
    // Back again, since the other tests have the first one.
    expect(await rotate({ ...settings(), HUB_SECRET_PREVIOUS: renewed.HUB_SECRET })).toMatchObject({
      code: 0,
    })
  })

  it('refuses to start with another secret than the database was set up with', async () => {
    const program = new Program(['apps/hub/src/main.ts'], {
      ...settings(),
      HUB_SECRET: 'fedcba9876543210fedcba9876543210',
    })
    expect(await program.exited).toBe(1)
    expect(program.output).toMatch(/HUB_SECRET .* is not the one/)
    expect(program.output).not.toContain('fedcba')
  })
})
