import { describe, expect, it } from 'vitest'
import { classifyAnswer, isWebSocketWorthTrying } from './classify-answer.ts'
import { versionHeader } from '../tunnel-route.ts'

const page = { 'content-type': 'text/html; charset=utf-8' }
const json = { 'content-type': 'application/json' }

describe('an answer other than a tunnel', () => {
  it.each([
    { status: 401, headers: json, reason: 'unauthorized', isFallback: false },
    { status: 403, headers: json, reason: 'unauthorized', isFallback: false },
    { status: 403, headers: page, reason: 'portal', isFallback: false },
    { status: 200, headers: page, reason: 'portal', isFallback: false },
    { status: 302, headers: { location: 'http://login.example' }, reason: 'portal', isFallback: false },
    { status: 511, headers: page, reason: 'portal', isFallback: false },
    { status: 404, headers: page, reason: 'portal', isFallback: true },
    { status: 400, headers: {}, reason: 'portal', isFallback: true },
    { status: 426, headers: {}, reason: 'portal', isFallback: true },
    { status: 426, headers: { [versionHeader]: '1' }, reason: 'portal', isFallback: true },
    { status: 426, headers: { [versionHeader]: '2, 3' }, reason: 'version_refused', isFallback: false },
    { status: 407, headers: {}, reason: 'proxy_failed', isFallback: false },
    { status: 429, headers: json, reason: 'hub_unavailable', isFallback: false },
    { status: 502, headers: page, reason: 'hub_unavailable', isFallback: true },
    { status: 503, headers: json, reason: 'hub_unavailable', isFallback: false },
    { status: 0, headers: {}, reason: 'unreachable', isFallback: true },
  ])('$status $headers means $reason', ({ status, headers, reason, isFallback }) => {
    const answer = { status, headers }
    expect(classifyAnswer(answer).reason).toBe(reason)
    expect(classifyAnswer(answer).message).toMatch(/\.$/)
    expect(isWebSocketWorthTrying(answer)).toBe(isFallback)
  })

  it('takes Retry-After in seconds, up to 5 minutes', () => {
    const retryAfter = (value: string) =>
      classifyAnswer({ status: 503, headers: { 'retry-after': value } }).retryAfterMs
    expect(retryAfter('7')).toBe(7000)
    expect(retryAfter('86400')).toBe(300_000)
    expect(retryAfter('Wed, 21 Oct 2026 07:28:00 GMT')).toBe(0)
  })
})
