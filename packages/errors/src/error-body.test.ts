import { describe, expect, it } from 'vitest'
import { AppError, errorTable, toAppError, toErrorResponse, type ErrorCode } from './index.ts'

const codes = Object.keys(errorTable) as ErrorCode[]

describe('the error table', () => {
  it.each(codes)('%s answers its own status, title and sentence', (code) => {
    const answer = toErrorResponse(new AppError(code), 'req_1')
    expect(answer.status).toBe(errorTable[code].status)
    expect(answer.body).toEqual({
      error: errorTable[code].title,
      message: errorTable[code].message,
      statusCode: errorTable[code].status,
      code,
      requestId: 'req_1',
    })
    expect(answer.body.message).toMatch(/^[A-Z].{10,}/)
  })
})

describe('toErrorResponse', () => {
  it('never shows message or cause, which may name hosts and secrets', () => {
    const error = new AppError('upstream.refused', undefined, {
      message: 'connect ECONNREFUSED 10.0.0.5:5432',
      cause: new Error('secret'),
    })
    const text = JSON.stringify(toErrorResponse(error, 'req_1'))
    expect(text).not.toContain('10.0.0.5')
    expect(text).not.toContain('secret')
  })

  it('adds retryAfter and Retry-After to a rate limit, issues to a validation error', () => {
    const limited = toErrorResponse(
      new AppError('share.rate_limited', undefined, { retryAfterSeconds: 60 }),
      'r',
    )
    expect(limited.body.retryAfter).toBe(60)
    expect(limited.headers['retry-after']).toBe('60')
    const issues = [{ path: 'name', message: 'Too long' }]
    expect(toErrorResponse(new AppError('request.invalid', undefined, { issues }), 'r').body.issues).toEqual(
      issues,
    )
  })
})

describe('toAppError', () => {
  it('keeps an AppError and hides anything else behind internal', () => {
    const known = new AppError('share.not_found')
    expect(toAppError(known)).toBe(known)
    const unknown = toAppError(new TypeError('x is not a function'))
    expect(unknown.code).toBe('internal')
    expect(unknown.publicMessage).not.toContain('x is not')
    expect(unknown.cause).toBeInstanceOf(TypeError)
    expect(toAppError('thrown text').message).toBe('thrown text')
  })
})
