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
    const key = await createApiKey({ settings: settings() })
    const answer = await fetch(`http://127.0.0.1:${port}/v1/shares`, { headers: { 'x-api-key': key } })
    expect([answer.status, await answer.json()]).toEqual([200, { shares: [] }])
    expect(await program.stop()).toBe(0)
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
