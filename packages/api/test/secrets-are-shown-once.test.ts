// Guarantee (TOK-02, TOK-03, KEY-02, KEY-03): a token, key or session is in the one answer that makes it and nowhere
// else: no other answer has it, and the database has only its hash.
import { expect, it } from 'vitest'
import { issueOwnerSignIn, restOperations } from '../src/index.ts'
import { anonymous, createTestApi } from './kit/test-api.ts'

const api = await createTestApi()

/** Every table as text, bytes in hex and in clear. */
async function dumpDatabase(): Promise<string> {
  const { client } = api.db
  const tables = await client.$queryRaw<{ name: string }[]>`
    SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public'`
  const parts: string[] = []
  for (const { name } of tables) {
    const rows = await client.$queryRawUnsafe<{ text: string }[]>(
      `SELECT row_to_json(t)::text AS text FROM ${name} t`,
    )
    parts.push(...rows.map(({ text }) => text))
  }
  return parts.join('\n')
}

it('keeps every secret out of all later answers and of the database', async () => {
  const { token: link } = await issueOwnerSignIn(api.db)
  const signedIn = await api.call(anonymous, 'auth.verify', { token: link })
  const cookie = [signedIn.headers['set-cookie']].flat()[0]?.split(';')[0] ?? ''
  const session = { cookie }
  const made = async (id: string, input: object) =>
    (await api.call(session, id, { ...input })).body as Record<string, unknown>
  const { key } = await made('apiKeys.create', { name: 'ci' })
  const { agent, token: agentToken } = await made('agents.register', { name: 'laptop' })
  const { id: agentId } = agent as { id: string }
  const { token: rotated } = await made('agents.rotateToken', { id: agentId })
  const { service } = await made('services.register', {
    agentId,
    name: 'web',
    targetHost: 'localhost',
    targetPort: 80,
  })
  const { id: serviceId } = service as { id: string }
  const { share } = await made('shares.create', { serviceId, name: 'demo' })
  const { id: shareId, token: shareToken } = share as { id: string; token: string }

  const { webhook, secret } = await made('webhooks.create', { url: 'https://example.com/hook' })
  const { id: webhookId } = webhook as { id: string }
  const { secret: newSecret } = await made('webhooks.rotateSecret', { id: webhookId })
  await made('webhooks.test', { id: webhookId })

  const tokens = [link, cookie.slice('session='.length), key, agentToken, rotated, shareToken]
  const secrets = [...tokens, secret, newSecret].map(String)
  expect(secrets.every((secret) => secret.length > 30)).toBe(true)
  const ids: Record<string, Record<string, string>> = {
    'agents.get': { id: agentId },
    'webhooks.get': { id: webhookId },
    'webhooks.listDeliveries': { id: webhookId },
    'services.get': { id: serviceId },
    'shares.get': { id: shareId },
    'shares.logs': { id: shareId },
    'shares.listOfService': { serviceId },
    'shares.info': { token: shareToken },
    'apiKeys.get': { id: String((await made('apiKeys.create', { name: 'x' }))['id']) },
    'auth.verify': { token: link },
  }
  for (const { id } of restOperations.filter((operation) => operation.method === 'GET')) {
    const answer = await api.call(session, id, ids[id] ?? {})
    const text = JSON.stringify(answer)
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
  }
  const dump = await dumpDatabase()
  expect(dump).toContain(shareToken.slice(0, 13))
  for (const secret of secrets) {
    expect(dump).not.toContain(secret)
    expect(dump).not.toContain(Buffer.from(secret).toString('hex'))
  }
})
