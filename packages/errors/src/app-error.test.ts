import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError, errorTable, toAppError, toErrorResponse, type ErrorCode } from './index.ts'

const codes = fc.constantFrom(...(Object.keys(errorTable) as ErrorCode[]))

describe('an AppError', () => {
  it('is an Error with a name, a stack and its cause, for the log', () => {
    const cause = new TypeError('x is not a function')
    const error = new AppError('internal', undefined, { cause })
    expect(error).toBeInstanceOf(Error)
    expect([error.name, error.cause]).toEqual(['AppError', cause])
    expect(error.stack).toContain('app-error.test.ts')
  })

  it('has no cause where none was given, so that logs show none', () => {
    expect('cause' in new AppError('internal')).toBe(false)
  })

  it('says what its row says unless it is told something better', () => {
    expect(new AppError('share.not_found').publicMessage).toBe(errorTable['share.not_found'].message)
    expect(new AppError('share.not_found', 'Look elsewhere.').publicMessage).toBe('Look elsewhere.')
    expect(new AppError('share.not_found', 'Look elsewhere.').message).toBe('Look elsewhere.')
  })

  it('keeps what is for the log apart from what is for the caller', () => {
    const error = new AppError('upstream.refused', 'Not reachable.', { message: 'connect 10.0.0.5:5432' })
    expect([error.message, error.publicMessage]).toEqual(['connect 10.0.0.5:5432', 'Not reachable.'])
  })

  it('has the row of its code', () => {
    fc.assert(
      fc.property(codes, (code) => {
        expect(new AppError(code).row).toBe(errorTable[code])
      }),
    )
  })
})

describe('the answer to an error', () => {
  it('never has a word of what is for the log', () => {
    // Marked, because a short text may stand in a sentence of the table by chance.
    const secrets = fc.string({ minLength: 1 }).map((text) => `secret<${text}>`)
    fc.assert(
      fc.property(codes, secrets, (code, secret) => {
        const cause = new Error(secret)
        const answer = toErrorResponse(new AppError(code, undefined, { message: secret, cause }), 'req_1')
        expect(JSON.stringify(answer)).not.toContain(JSON.stringify(secret).slice(1, -1))
        expect(JSON.stringify(answer)).not.toContain('secret<')
      }),
    )
  })

  it('has the request’s id and a status that is its body’s', () => {
    fc.assert(
      fc.property(codes, fc.string(), (code, requestId) => {
        const { status, body } = toErrorResponse(new AppError(code), requestId)
        expect([body.requestId, body.statusCode]).toEqual([requestId, status])
      }),
    )
  })

  it('has Retry-After in whole seconds wherever one was given, in the body with 429 only', () => {
    fc.assert(
      fc.property(codes, fc.integer({ min: 1, max: 86_400 }), (code, retryAfterSeconds) => {
        const { status, headers, body } = toErrorResponse(
          new AppError(code, undefined, { retryAfterSeconds }),
          'req_1',
        )
        expect(headers['retry-after']).toBe(String(retryAfterSeconds))
        expect(body.retryAfter).toBe(status === 429 ? retryAfterSeconds : undefined)
      }),
    )
  })

  it('carries the headers that were given, Retry-After above them', () => {
    const error = new AppError('share.method_not_allowed', undefined, {
      headers: { allow: 'GET, HEAD', 'retry-after': '1' },
      retryAfterSeconds: 9,
    })
    expect(toErrorResponse(error, 'r').headers).toEqual({ allow: 'GET, HEAD', 'retry-after': '9' })
  })

  it('has no field that was not given', () => {
    expect(Object.keys(toErrorResponse(new AppError('request.invalid'), 'r').body).sort()).toEqual(
      ['code', 'error', 'message', 'requestId', 'statusCode'].sort(),
    )
  })

  it('says where a query is wrong, and how the database calls it', () => {
    const query = { databaseCode: '42703', position: 8, hint: null }
    const { body } = toErrorResponse(new AppError('query.failed', undefined, { query }), 'r')
    expect(body).toMatchObject({ statusCode: 400, code: 'query.failed', query })
  })

  it('is plain JSON: what is read back is what was meant', () => {
    const issues = [{ path: 'allowedPaths.0', message: 'The pattern "x" must begin with /' }]
    const { body } = toErrorResponse(new AppError('request.invalid', undefined, { issues }), 'r')
    expect(JSON.parse(JSON.stringify(body))).toEqual(body)
    expect(body.issues).toEqual(issues)
  })
})

describe('any thrown value', () => {
  it('becomes an AppError that tells the caller nothing of it', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const error = toAppError(thrown)
        expect(error.code).toBe('internal')
        expect(error.publicMessage).toBe(errorTable.internal.message)
        expect(error.row.fault).toBe('hub')
      }),
    )
  })

  it.each([{ toString: 0 }, Object.create(null)])('may be what cannot be made text', (thrown: object) => {
    expect(toAppError(thrown)).toMatchObject({ code: 'internal', cause: thrown })
  })

  it.each<[string, unknown]>([
    ['connect ECONNREFUSED 10.0.0.5:5432', new TypeError('connect ECONNREFUSED 10.0.0.5:5432')],
    ['out of order', 'out of order'],
    ['undefined', undefined],
    ['Symbol(x)', Symbol('x')],
  ])('keeps its words, %j, for the log, and itself as the cause', (words, thrown) => {
    const error = toAppError(thrown)
    expect([error.message, error.cause]).toEqual([words, thrown])
    expect(JSON.stringify(toErrorResponse(error, 'r'))).not.toContain(words)
  })

  it('stays itself when it is one already, with all that it carries', () => {
    const error = new AppError('agent.offline', undefined, { retryAfterSeconds: 5 })
    expect(toAppError(error)).toBe(error)
    expect(toAppError(toAppError(error)).retryAfterSeconds).toBe(5)
  })
})
