// Guarantee (SPEC §3): the bodies of refusals are, field by field, what the documentation shows.
import { describe, expect, it } from 'vitest'
import { AppError, toErrorResponse } from './index.ts'

const requestId = 'req_0123456789abcdef0123456789abcdef'

describe('the documented body', () => {
  it('of a share over its limit', () => {
    const error = new AppError('share.rate_limited', undefined, { retryAfterSeconds: 60 })
    expect(toErrorResponse(error, requestId)).toEqual({
      status: 429,
      headers: { 'retry-after': '60' },
      body: {
        error: 'Too many requests',
        message: 'Rate limit exceeded for this share',
        retryAfter: 60,
        statusCode: 429,
        code: 'share.rate_limited',
        requestId,
      },
    })
  })

  it('of input that is not valid', () => {
    const issues = [
      { path: 'name', message: 'Must have at least 1 character' },
      { path: 'allowedPaths.0', message: 'The pattern "api/*" must begin with /' },
    ]
    expect(toErrorResponse(new AppError('request.invalid', undefined, { issues }), requestId)).toEqual({
      status: 400,
      headers: {},
      body: {
        error: 'Bad request',
        message: 'The request is not valid. See issues for what to change.',
        statusCode: 400,
        code: 'request.invalid',
        requestId,
        issues,
      },
    })
  })

  it('of a method that a share does not allow, which tells those that it does', () => {
    const error = new AppError('share.method_not_allowed', undefined, { headers: { allow: 'GET, HEAD' } })
    const { status, headers, body } = toErrorResponse(error, requestId)
    expect([status, headers, body.error]).toEqual([405, { allow: 'GET, HEAD' }, 'Method not allowed'])
  })

  it('of an agent that is away, which tells when to ask again in a header only', () => {
    const error = new AppError('agent.offline', undefined, { retryAfterSeconds: 5 })
    const { status, headers, body } = toErrorResponse(error, requestId)
    expect([status, headers, 'retryAfter' in body]).toEqual([503, { 'retry-after': '5' }, false])
  })
})
