import { describe, expect, it } from 'vitest'
import { planLogs, type LogFlags } from './log-filter.ts'

const nowMs = Date.UTC(2026, 2, 2, 10)

describe('planLogs', () => {
  it('asks for the newest hundred of everything where nothing is said', () => {
    expect(planLogs({}, nowMs)).toEqual({ filter: [], entriesMax: 100 })
  })

  it('takes every filter of the hub, in the words of people', () => {
    const flags = {
      since: '15m',
      until: '2026-03-02T10:00:00+01:00',
      status: ['404', '5XX'],
      ip: '203.0.113.0/24',
      path: '/api/*',
      method: ['get', 'POST'],
      denied: true,
      visitor: 'visitor_1',
      limit: '500',
    }
    expect(planLogs(flags, nowMs)).toEqual({
      filter: [
        ['from', '2026-03-02T09:45:00.000Z'],
        ['to', '2026-03-02T09:00:00.000Z'],
        ['status', '404'],
        ['status', '5xx'],
        ['ip', '203.0.113.0/24'],
        ['path', '/api/*'],
        ['method', 'GET'],
        ['method', 'POST'],
        ['denied', 'true'],
        ['visitor', 'visitor_1'],
      ],
      entriesMax: 500,
    })
  })

  it.each<[LogFlags, RegExp]>([
    [{ since: 'yesterday' }, /^--since: .*15m/],
    [{ since: '5y' }, /^--since/],
    [{ until: '' }, /^--until/],
    [{ status: ['6xx'] }, /^--status: .*404/],
    [{ path: 'api' }, /^--path/],
    [{ method: ['no method'] }, /^--method/],
    [{ visitor: 'a b' }, /^--visitor/],
    [{ limit: '0' }, /^--limit/],
    [{ limit: '10001' }, /^--limit/],
  ])('refuses %j in words, before any hub is asked', (flags, message) => {
    expect(() => planLogs(flags, nowMs)).toThrow(message)
  })
})
