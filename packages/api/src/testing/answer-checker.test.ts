import { describe, expect, it } from 'vitest'
import { createAnswerChecker } from './answer-checker.ts'

const findFault = createAnswerChecker()
const whole = { isIntact: true, firstBrokenSeq: null }
const verify = { method: 'GET', path: '/v1/audit/verify' }
const error = { error: 'Not found', message: 'There is no such share.', statusCode: 404, requestId: 'req_1' }

describe('an answer', () => {
  it('that is as documented has no fault', () => {
    expect(findFault({ ...verify, status: 200, body: whole })).toBeNull()
    const missing = { method: 'GET', path: '/v1/shares/share_1', status: 404 }
    expect(findFault({ ...missing, body: { ...error, code: 'share.not_found' } })).toBeNull()
    const nowhere = { method: 'GET', path: '/v1/nothing', status: 404 }
    expect(findFault({ ...nowhere, body: { ...error, code: 'route.not_found' } })).toBeNull()
  })

  it.each([
    [{ ...verify, status: 200, body: { isIntact: true } }, 'firstBrokenSeq'],
    [{ ...verify, status: 200, body: { ...whole, more: 1 } }, 'additional'],
    [{ ...verify, status: 201, body: whole }, 'status'],
    [{ ...verify, status: 404, body: { ...error, code: 'share.not_found' } }, 'status'],
    [{ ...verify, status: 401, body: { ...error, code: 'share.not_found' } }, 'code'],
    [{ ...verify, status: 400, body: { message: 'no' } }, 'required'],
    [{ method: 'GET', path: '/v1/nothing', status: 404, body: {} }, 'required'],
  ])('that is not has one: %j', (answer, words) => {
    expect(findFault(answer)).toContain(words)
  })
})
