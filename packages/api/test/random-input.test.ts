// Guarantee: 200 random wrong requests per operation get a 4xx with a useful message: never a 500, a stack, a
// secret, or what another workspace has (issue 3; DOS-07, TEN-04).
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { restOperations, type RestAnswer, type RestOperation, type RestRequest } from '../src/index.ts'
import { createTestApi, pathParametersOf } from './kit/test-api.ts'
import { createTenant } from './kit/tenant.ts'

const api = await createTestApi()
const owner = await createTenant(api, 'owner')
const stranger = await createTenant(api, 'stranger')

const hostileTexts = [
  '',
  ' ',
  '\0',
  '\ud800',
  '../../etc/passwd',
  "'; DROP TABLE shares; --",
  '<script>alert(1)</script>',
  '%00',
  '{{7*7}}',
  '\u202e\u0000',
  'x'.repeat(10_000),
  '-1',
  '1e309',
  'null',
  '__proto__',
]
const wrongText = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary' }), fc.string())
const wrongValue = fc.oneof(
  wrongText,
  fc.double(),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
  fc.array(wrongText, { maxLength: 120 }),
  fc.dictionary(wrongText, wrongText, { maxKeys: 5 }),
  fc.jsonValue({ maxDepth: 8 }),
)
const someKeys = { minKeys: 1, maxKeys: 4 }

/** The operation's own example without what travels in the path. */
function exampleFields(operation: RestOperation): Record<string, unknown> {
  const names = pathParametersOf(operation)
  return Object.fromEntries(
    Object.entries(operation.example.input ?? {}).filter(([name]) => !names.includes(name)),
  )
}

/** A request that is wrong somewhere, most often one field of the example. */
function wrongRequest(operation: RestOperation): fc.Arbitrary<RestRequest> {
  const fieldNames = fc.oneof(
    fc.constantFrom(...Object.keys(operation.input.shape), 'workspaceId', 'id', 'token', 'api_key'),
    wrongText,
  )
  const ids = fc.oneof(wrongText, fc.constantFrom(stranger.shareId, stranger.serviceId))
  const params = fc.record(Object.fromEntries(pathParametersOf(operation).map((name) => [name, ids])))
  const query = fc.dictionary(fieldNames, fc.oneof(wrongText, fc.array(wrongText)), someKeys)
  const changed = fc.dictionary(fieldNames, wrongValue, someKeys).map((change) => {
    return Object.assign(exampleFields(operation), change)
  })
  const isRead = operation.method === 'GET'
  const request: fc.Arbitrary<RestRequest> = fc.record({
    params,
    query: isRead ? query : fc.constant({}),
    body: isRead ? fc.constant(undefined) : fc.oneof(changed, wrongValue),
  })
  // Some of what is random is right by luck, such as a name of one letter.
  return request.filter((one) => !isRightByLuck(operation, one))
}

function isRightByLuck(operation: RestOperation, { params, query, body }: RestRequest): boolean {
  const sent: object = operation.method === 'GET' ? query : Object(body ?? {})
  const coerced = Object.entries(sent).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
  ])
  return [sent, Object.fromEntries(coerced)].some(
    (one: object) => operation.input.safeParse({ ...one, ...params }).success,
  )
}

/** What is wrong with a refusal, or null. */
function findFault({ status, body, error }: RestAnswer): string | null {
  const text = JSON.stringify(body)
  const { message, requestId, issues } = body as Record<string, unknown>
  const checks: Record<string, boolean> = {
    'no 4xx': status >= 400 && status < 500,
    'no sentence': /^[A-Z].{10,}/s.test(String(message)),
    'no request id': requestId === 'req-test',
    'a stack or a library': !/\bat \S+:\d+:\d+|node_modules|prisma|"stack"/i.test(text),
    'another workspace': !text.includes('stranger'),
    'too long': text.length < 20_000,
    'no issues': (Array.isArray(issues) && issues.length > 0) === (status === 400),
  }
  const faults = Object.keys(checks).filter((name) => checks[name] === false)
  return faults.length === 0 ? null : `${faults.join(', ')}: ${status} ${text} ${error?.message}`
}

describe.each(restOperations.map((operation) => [operation.id, operation] as const))(
  '%s',
  (_id, operation) => {
    it('answers 200 wrong requests with a 4xx and a sentence', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.constant(null).chain(() => wrongRequest(operation)),
          async (request) => {
            const answer = await operation.invoke(api.contextOf(owner.session), request)
            expect(findFault(answer)).toBeNull()
          },
        ),
        { numRuns: 200 },
      )
    })

    it.each([
      ['workspaceId', 'ws_1'],
      ['tokenHash', 'x'],
      ['createdBy', 'user_1'],
      ['accessCount', 7],
      ['__proto__', { isAdmin: true }],
    ])('does not take %s from outside', async (field, value) => {
      const extra = JSON.parse(JSON.stringify({ [field]: value })) as Record<string, unknown>
      const known: Record<string, string> = {
        id: owner.shareId,
        serviceId: owner.serviceId,
        token: owner.shareToken,
      }
      const isRead = operation.method === 'GET'
      const { status, body } = await operation.invoke(api.contextOf(owner.session), {
        params: Object.fromEntries(pathParametersOf(operation).map((name) => [name, known[name] ?? 'x'])),
        query: isRead ? { [field]: 'x' } : {},
        body: isRead ? undefined : { ...exampleFields(operation), ...extra },
      })
      expect(status).toBe(400)
      expect(JSON.stringify(body)).toContain(`"path":"${field}","message":"Is not a field of this operation"`)
    })
  },
)
