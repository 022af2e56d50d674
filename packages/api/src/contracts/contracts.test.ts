import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createApiKeyInput,
  createShareInput,
  listAccessLogsInput,
  pageInput,
  registerAgentInput,
  registerExternalServiceInput,
  registerServiceInput,
  shareDurations,
} from './index.ts'

const share = { serviceId: 'svc_1', name: 'demo' }
const service = { agentId: 'agent_1', name: 'web', targetHost: 'localhost', targetPort: 3000 }

const takesShare = (change: object): boolean => createShareInput.safeParse({ ...share, ...change }).success
const takesService = (change: object): boolean =>
  registerServiceInput.safeParse({ ...service, ...change }).success

describe('createShareInput', () => {
  it('takes the documented request', () => {
    const documented = {
      ...share,
      description: 'Temporary database access for Q1 audit',
      expiresIn: '7d',
      allowedPaths: ['/api/*'],
      allowedMethods: ['GET', 'POST'],
      rateLimitPerMin: 100,
    }
    expect(createShareInput.parse(documented)).toEqual({
      ...documented,
      allowWrites: false,
      maskedColumns: [],
    })
  })

  it.each(shareDurations)('takes expiresIn %s', (expiresIn) => {
    expect(takesShare({ expiresIn })).toBe(true)
  })

  // Guarantee (TOK-11): only the documented durations.
  it.each(['0', '-1h', '1y', '9e99h', '24H', '', 24, null])('refuses expiresIn %j', (expiresIn) => {
    expect(takesShare({ expiresIn })).toBe(false)
  })

  it('takes expiresAt with any offset, but not with expiresIn', () => {
    expect(takesShare({ expiresAt: '2030-01-01T00:00:00Z' })).toBe(true)
    expect(takesShare({ expiresAt: '2030-01-01T00:00:00+02:00' })).toBe(true)
    expect(takesShare({ expiresAt: '2030-01-01' })).toBe(false)
    const both = createShareInput.safeParse({ ...share, expiresAt: '2030-01-01T00:00:00Z', expiresIn: '1h' })
    expect(both.error?.issues[0]?.path).toEqual(['expiresAt'])
  })

  it('takes names of 1 to 100 characters and descriptions of up to 500', () => {
    expect(takesShare({ name: 'x'.repeat(100) })).toBe(true)
    expect(takesShare({ name: 'x'.repeat(101) })).toBe(false)
    expect(takesShare({ name: '   ' })).toBe(false)
    expect(takesShare({ name: '<b>☃ 名前</b>' })).toBe(true)
    expect(takesShare({ description: `${'x'.repeat(499)}\n` })).toBe(true)
    expect(takesShare({ description: 'x'.repeat(501) })).toBe(false)
  })

  it.each(['a\0b', 'a\nb', 'a\u001bb', '\ud800', 'a\u0085b'])('refuses the name %j', (name) => {
    expect(takesShare({ name })).toBe(false)
  })

  it('takes methods once each, and never none or others', () => {
    expect(
      createShareInput.parse({ ...share, allowedMethods: ['GET', 'PUT', 'GET'] }).allowedMethods,
    ).toEqual(['GET', 'PUT'])
    for (const allowedMethods of [[], ['get'], ['TRACE'], ['HEAD'], 'GET']) {
      expect(takesShare({ allowedMethods })).toBe(false)
    }
  })

  it('takes rates from 1 to 1000', () => {
    expect([1, 1000].every((rateLimitPerMin) => takesShare({ rateLimitPerMin }))).toBe(true)
    for (const rateLimitPerMin of [0, 1001, 1.5, '100', NaN, null])
      expect(takesShare({ rateLimitPerMin })).toBe(false)
  })

  // Guarantee (TEN-04): what is not in the contract is refused, so nothing can be assigned through it.
  it.each(['workspaceId', 'id', 'token', 'tokenHash', 'createdBy', 'accessCount', 'revokedAt', '__proto__'])(
    'refuses the extra field %s',
    (field) => {
      const input = JSON.parse(`{"serviceId":"svc_1","name":"demo","${field}":"x"}`) as object
      expect(createShareInput.safeParse(input).success).toBe(false)
    },
  )
})

describe('registerServiceInput', () => {
  it.each([
    'localhost',
    '127.0.0.1',
    '::1',
    'fe80::1',
    'db.internal',
    'my_db',
    'a-b.example.com.',
    'x'.repeat(253),
  ])('takes the host %s', (targetHost) => {
    expect(takesService({ targetHost })).toBe(true)
  })

  it.each(['', 'a b', 'http://x', 'x:80', 'x/y', 'u@h', '[::1]', 'a\0', 'é', '-x', 'x'.repeat(254), 7, null])(
    'refuses the host %j',
    (targetHost) => {
      expect(takesService({ targetHost })).toBe(false)
    },
  )

  it('takes the documented names, ports and protocols', () => {
    expect(registerServiceInput.parse(service).protocol).toBe('auto')
    for (const name of ['', 'x'.repeat(101), 'a b', 'a.b', 'é']) expect(takesService({ name })).toBe(false)
    for (const targetPort of [0, 65_536, -1, 1.5, '80']) expect(takesService({ targetPort })).toBe(false)
    for (const protocol of ['ftp', 'HTTP', '']) expect(takesService({ protocol })).toBe(false)
    expect(registerExternalServiceInput.safeParse(service).success).toBe(false)
  })
})

describe('lists', () => {
  it('have 50 entries a page unless told, 1 to 100', () => {
    expect(pageInput.parse({})).toEqual({ limit: 50 })
    for (const limit of [0, 101, 1e9, -1, 1.5, '5', null])
      expect(pageInput.safeParse({ limit }).success).toBe(false)
    expect(pageInput.safeParse({ sort: 'name; drop table shares' }).success).toBe(false)
    expect(listAccessLogsInput.safeParse({ id: 'share_1', after: 'log_1', limit: 100 }).success).toBe(true)
  })
})

describe('names', () => {
  it('of keys have 1 to 50 characters, of agents 1 to 100 (KEY-12)', () => {
    expect(createApiKeyInput.safeParse({ name: 'x'.repeat(50) }).success).toBe(true)
    for (const name of ['', 'x'.repeat(51)]) expect(createApiKeyInput.safeParse({ name }).success).toBe(false)
    expect(registerAgentInput.safeParse({ name: 'x'.repeat(101) }).success).toBe(false)
  })

  it('never contain what the database cannot store', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
        expect(createApiKeyInput.safeParse({ name }).data?.name ?? '').not.toMatch(/[\p{Cc}\p{Cs}]/u)
      }),
    )
  })
})
