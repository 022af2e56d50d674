import type { Db } from '@private-connect/db'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readCurl } from './kit/curl-command.ts'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { createBelongings, createOwner, openHubDb, type Belongings, type SignedIn } from './kit/tenants.ts'

const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const isoOrNull = expect.toSatisfy((value: unknown) => value === null || typeof value === 'string')
const idOf = (prefix: string): unknown => expect.stringMatching(new RegExp(`^${prefix}_[0-9a-z]{26}$`))
const json = '-H "Content-Type: application/json"'
const cookie = '-H "Cookie: session=your_session_token"'
const api = 'https://api.privateconnect.co'

const keyDetails = {
  id: idOf('key'),
  name: 'ci',
  prefix: expect.stringMatching(/^pc_live_[a-z2-7]{4}$/),
  lastUsedAt: isoOrNull,
  createdAt: iso,
  isActive: true,
}

type Row = readonly [what: string, command: string, status: number, body: unknown]

/** Every command of authentication.txt, in its order. */
const authentication: Row[] = [
  ['API keys', `curl -H "x-api-key: pc_your_api_key_here" ${api}/v1/agents`, 200, expect.any(Array)],
  [
    'create an API key',
    `curl -X POST ${api}/v1/api-keys ${cookie} ${json} -d '{ "name": "production-key" }'`,
    201,
    {
      id: idOf('key'),
      name: 'production-key',
      key: expect.stringMatching(/^pc_live_[a-z2-7]{26}$/),
      prefix: expect.stringMatching(/^pc_live_[a-z2-7]{4}$/),
      createdAt: iso,
    },
  ],
  ['list API keys', `curl ${api}/v1/api-keys ${cookie}`, 200, expect.arrayContaining([keyDetails])],
  [
    'get an API key',
    `curl ${api}/v1/api-keys/key_abc123 ${cookie}`,
    200,
    { ...keyDetails, allowedIpRanges: [] },
  ],
  [
    'restrict its addresses',
    `curl -X PUT ${api}/v1/api-keys/key_abc123/ip-restrictions ${cookie} ${json} -d '{ "allowedIpRanges": ["10.0.0.0/8", "192.168.1.0/24"] }'`,
    200,
    { ...keyDetails, allowedIpRanges: ['10.0.0.0/8', '192.168.1.0/24'] },
  ],
  ['revoke it', `curl -X DELETE ${api}/v1/api-keys/key_abc123 ${cookie}`, 200, { success: true }],
  [
    'register',
    `curl -X POST ${api}/v1/auth/register ${json} -d '{ "email": "new@example.com", "workspaceName": "my-workspace" }'`,
    200,
    { success: true, message: 'Verification email sent' },
  ],
  [
    'login',
    `curl -X POST ${api}/v1/auth/login ${json} -d '{ "email": "owner@example.com" }'`,
    200,
    { success: true, message: 'Login link sent to your email' },
  ],
  [
    'verify a magic link',
    `curl "${api}/v1/auth/verify?token=magic_token_here"`,
    200,
    {
      success: true,
      user: { id: idOf('user'), email: expect.stringContaining('@') },
      workspace: { id: idOf('ws'), name: expect.any(String) },
      isNewUser: false,
    },
  ],
  [
    'get the current user',
    `curl ${api}/v1/auth/me ${cookie}`,
    200,
    {
      user: { id: idOf('user'), email: 'owner@example.com' },
      workspace: { id: idOf('ws'), name: 'acme-corp' },
    },
  ],
]

const info = {
  name: 'demo',
  description: null,
  expiresAt: iso,
  workspaceName: 'acme-corp',
  service: { name: 'prod-db', targetHost: 'localhost', targetPort: 5432, protocol: 'tcp' },
}

/** Every command of shares.txt, in its order, but for the database query, which has a part of its own. */
const shares: Row[] = [
  [
    'create a share',
    `curl -X POST ${api}/v1/services/svc_123/shares -H "x-api-key: pc_your_api_key" ${json} -d '{ "name": "contractor-access", "description": "Temporary database access for Q1 audit", "expiresIn": "7d", "allowedPaths": ["/api/*"], "allowedMethods": ["GET", "POST"], "rateLimitPerMin": 100 }'`,
    201,
    {
      success: true,
      share: {
        id: idOf('share'),
        token: expect.stringMatching(/^share_tok_[a-z2-7]{26}$/),
        name: 'contractor-access',
        expiresAt: iso,
        shareUrl: expect.stringMatching(/^http:\/\/localhost:\d+\/shared\/share_tok_[a-z2-7]{26}$/),
        subdomainUrl: expect.stringMatching(/^http:\/\/share-tok-[a-z2-7]{26}\.localhost:\d+\/$/),
      },
    },
  ],
  [
    'list shares',
    `curl ${api}/v1/services/svc_123/shares ${cookie}`,
    200,
    {
      shares: expect.arrayContaining([
        {
          id: idOf('share'),
          serviceId: idOf('svc'),
          name: 'contractor-access',
          description: 'Temporary database access for Q1 audit',
          tokenPreview: expect.stringMatching(/^share_tok_[a-z2-7]{3}\.\.\.$/),
          expiresAt: iso,
          revokedAt: null,
          isActive: true,
          createdAt: iso,
          lastAccessedAt: null,
          accessCount: 0,
          shareUrl: expect.stringMatching(/^\/shared\/share_tok_[a-z2-7]{3}\.\.\.$/),
          allowedPaths: ['/api/*'],
          allowedMethods: ['GET', 'POST'],
          rateLimitPerMin: 100,
          allowWrites: false,
          maskedColumns: [],
        },
      ]),
    },
  ],
  ['share info', `curl ${api}/v1/shared/share_tok_1234567890abcdefghijklmnop/info`, 200, info],
]

const logEntry = {
  id: idOf('log'),
  shareId: idOf('share'),
  ipAddress: '127.0.0.1',
  userAgent: 'test-browser',
  path: '/api/users',
  method: 'GET',
  // A database, which is not forwarded to.
  statusCode: expect.any(Number),
  latencyMs: expect.any(Number),
  timestamp: iso,
  bytesIn: 0,
  bytesOut: expect.any(Number),
  denied: expect.any(String),
  visitorId: expect.stringMatching(/^visitor_[0-9a-f]{24}$/),
  suppressedCount: 0,
}

// Guarantee (issue 3): a program written against the documentation works unchanged: each of its curl commands, with
// values of this hub put in, gets the documented answer, field by field. Fields that SPEC adds are named too.
describe('the documentation’s curl commands', () => {
  let hub: TestHub
  let db: Db
  let owner: SignedIn
  let own: Belongings

  beforeAll(async () => {
    hub = await startTestHub({ ANONYMOUS_REQUESTS_PER_MIN: '1000' })
    db = await openHubDb(hub)
    owner = await createOwner(db, 'owner@example.com', 'acme-corp')
    own = await createBelongings(hub, owner.cookie)
  }, 120_000)
  afterAll(async () => {
    await db?.close()
    await hub?.remove()
  })

  const replace = (text: string): string =>
    text
      .replace(/pc_your_api_key(_here)?/, own.tokens.apiKey)
      .replace('your_session_token', owner.session)
      .replace('key_abc123', own.apiKeyId)
      .replace('svc_123', own.serviceId)
      .replace('share_tok_1234567890abcdefghijklmnop', own.tokens.share)
      .replace('share_123', own.shareId)
      .replace('magic_token_here', hub.signInUrl.split(/[#=]/).at(-1) ?? '')

  async function run(command: string) {
    const { path, init } = readCurl(command, replace)
    const response = await fetch(hub.url + path, init)
    const body: unknown = await response.json()
    return { response, body }
  }

  it.each(shares)('%s', async (...[, command, status, body]) => {
    const answer = await run(command)
    expect([answer.response.status, answer.body]).toEqual([status, body])
  })

  it('get access logs', async () => {
    const visit = { headers: { 'user-agent': 'test-browser' } }
    await fetch(`${hub.url}/shared/${own.tokens.share}/api/users`, visit)
    await vi.waitFor(
      async () => {
        const { body } = await run(`curl ${api}/v1/shares/share_123/logs ${cookie}`)
        expect(body).toEqual({ logs: [logEntry] })
      },
      { timeout: 10_000 },
    )
  })

  it('revoke a share', async () => {
    const { response, body } = await run(`curl -X DELETE ${api}/v1/shares/share_123 ${cookie}`)
    expect([response.status, body]).toEqual([200, { success: true }])
  })

  it.each(authentication)('%s', async (...[what, command, status, body]) => {
    const answer = await run(command)
    expect([answer.response.status, answer.body]).toEqual([status, body])
    const setCookie = answer.response.headers.get('set-cookie')
    expect(setCookie?.startsWith('session=sess_') ?? false).toBe(what === 'verify a magic link')
  })

  it('logout, after which the cookie is worth nothing', async () => {
    const { response, body } = await run(`curl -X POST ${api}/v1/auth/logout ${cookie}`)
    expect([response.status, body]).toEqual([200, { success: true }])
    expect((await run(`curl ${api}/v1/auth/me ${cookie}`)).response.status).toBe(401)
  })
})
