import type { Db } from '@private-connect/db'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { dumpDatabase } from './kit/dump-database.ts'
import { createBelongings, createOwner, openHubDb } from './kit/tenants.ts'

const databasePassword = 'canary-Pa55word-of-a-database'
const idempotencyKey = 'canary-7d0f9a3e-idempotency-key'
const json = { 'content-type': 'application/json' }

// Guarantee (TOK-02, KEY-03, LOG-02; issue 3): after a run of everything that mints, shows, uses, rotates and refuses
// secrets, neither a dump of the whole database nor the hub's log has any of them.
describe('secrets', () => {
  let hub: TestHub
  let db: Db
  let cookie: string
  const secrets = new Map<string, string>()

  beforeAll(async () => {
    hub = await startTestHub({ LOG_LEVEL: 'trace', ANONYMOUS_REQUESTS_PER_MIN: '1000' })
    db = await openHubDb(hub)
    await useEverything()
  }, 120_000)
  afterAll(async () => {
    await db?.close()
    await hub?.remove()
  })

  interface Sent {
    readonly body?: object
    readonly headers?: Record<string, string>
  }

  const send = async (method: string, path: string, { body, headers }: Sent = {}) =>
    fetch(hub.url + path, {
      method,
      headers: { cookie, ...(body === undefined ? {} : json), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })

  /** Keeps every secret that an answer shows. */
  async function keep(what: string, answer: Response): Promise<void> {
    const text = await answer.text()
    const found = text.match(/(share_tok_|agent_tok_|pc_live_|sess_|magic_tok_)[a-z2-7]{26,}/g) ?? []
    for (const secret of found) secrets.set(`${what} ${secrets.size}`, secret)
  }

  async function useEverything(): Promise<void> {
    const owner = await createOwner(db, 'owner@example.com', 'acme-corp')
    ;({ cookie } = owner)
    const own = await createBelongings(hub, cookie)
    const { agent, share, apiKey } = own.tokens
    const magicLink = hub.signInUrl.split(/[#=]/).at(-1) ?? ''
    for (const [what, secret] of Object.entries({
      agent,
      share,
      apiKey,
      magicLink,
      session: owner.session,
      firstKey: hub.apiKey,
      databasePassword,
      idempotencyKey,
    })) {
      secrets.set(what, secret)
    }
    const create = { name: 'again' }
    for (const path of ['/v1/agents/register', `/v1/services/${own.serviceId}/shares`, '/v1/api-keys']) {
      const headers = { 'idempotency-key': `${idempotencyKey}${path.length}` }
      await keep('created', await send('POST', path, { body: create, headers }))
      await keep('repeated', await send('POST', path, { body: create, headers }))
    }
    await keep('rotated share', await send('POST', `/v1/shares/${own.shareId}/rotate`))
    await keep('rotated agent', await send('POST', `/v1/agents/${own.agentId}/rotate-token`))
    await send('PUT', `/v1/services/${own.serviceId}/credentials`, {
      body: { username: 'reader', password: databasePassword, database: 'app' },
    })
    // In addresses, queries, headers and bodies that are refused.
    for (const secret of [share, agent, apiKey, owner.session, magicLink]) {
      await send('GET', `/v1/shared/${secret}/info`)
      await send('GET', `/v1/shares/${secret}?token=${secret}&api_key=${secret}`)
      await send('POST', '/v1/agents/register', { body: { name: secret, token: secret } })
      await fetch(`${hub.url}/shared/${secret}/path?token=${secret}`, { headers: { cookie: `a=${secret}` } })
      await fetch(`${hub.url}/v1/agents`, {
        headers: { authorization: `Bearer ${secret}`, 'x-api-key': 'x' },
      })
    }
    const verified = await fetch(`${hub.url}/v1/auth/verify?token=${magicLink}`)
    const session = /session=(sess_[a-z2-7]+)/.exec(verified.headers.get('set-cookie') ?? '')?.[1]
    if (session !== undefined) secrets.set('session of the link', session)
    await send('DELETE', `/v1/shares/${own.shareId}`)
    await send('POST', '/v1/auth/logout')
  }

  function findKept(text: string): string[] {
    return [...secrets].filter(([, secret]) => text.includes(secret)).map(([what]) => what)
  }

  it('were many', () => {
    expect(secrets.size).toBeGreaterThan(12)
    for (const secret of secrets.values()) expect(secret.length).toBeGreaterThan(20)
  })

  it('are not in the database', async () => {
    // The access log is written behind the answers.
    await vi.waitFor(async () => expect(await db.client.accessLog.count()).toBeGreaterThan(0), 10_000)
    const dump = await dumpDatabase(db)
    expect(dump).toContain('acme-corp')
    expect(dump.length).toBeGreaterThan(5000)
    expect(findKept(dump)).toEqual([])
  })

  it('are not in the log', () => {
    // What the hub tells its terminal on purpose, such as the sign-in link, is no log line.
    const log = hub.program.output.split('\n').filter((line) => line.startsWith('{'))
    expect(log.length).toBeGreaterThan(0)
    expect(findKept(log.join('\n'))).toEqual([])
  })
})
