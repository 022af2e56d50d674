import { TRPCClientError } from '@trpc/client'
import { describe, expect, it } from 'vitest'
import { describeFailure } from '../hub/hub-client.ts'
import { describeQueryFailure } from './query-failure.ts'

const failureOf = (data: object) =>
  TRPCClientError.from({
    error: { message: 'no', code: -32_600, data: { message: 'No.', ...data } },
  } as never)

describe('a failed call', () => {
  it('is told in the hub’s words, with what is wrong with its fields', () => {
    const issues = [{ path: 'name', message: 'Must not be empty' }]
    expect(describeFailure(failureOf({ code: 'request.invalid', issues }))).toEqual({
      code: 'request.invalid',
      sentence: 'No.',
      issues,
    })
  })

  it('that the hub did not answer says so', () => {
    const away = describeFailure(TRPCClientError.from(new TypeError('Failed to fetch')))
    expect(away).toEqual({ code: null, sentence: 'The hub does not answer. Is it running?', issues: [] })
  })
})

describe('a failed query', () => {
  it.each([
    [{ databaseCode: '42703', position: 8, hint: 'Perhaps id.' }, ['42703', 'Perhaps id.'], 8],
    [{ databaseCode: null, position: null, hint: null }, [], null],
  ])('tells what the database says: %j', (query, details, position) => {
    expect(describeQueryFailure(failureOf({ code: 'query.failed', query }))).toEqual({
      sentence: 'No.',
      details,
      position,
    })
  })

  it('tells when to try again, and what is wrong with its text', () => {
    const issues = [{ path: 'query', message: 'Must have at most 10000 characters' }]
    expect(describeQueryFailure(failureOf({ code: 'share.rate_limited', retryAfter: 7 })).details).toEqual([
      'Try again in 7 seconds.',
    ])
    expect(describeQueryFailure(failureOf({ code: 'request.invalid', issues })).details).toEqual([
      'Must have at most 10000 characters',
    ])
  })
})
