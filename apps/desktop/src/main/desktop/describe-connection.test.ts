import { describe, expect, it } from 'vitest'
import { describeConnection } from './describe-connection.ts'

const offline = { connection: 'offline', trouble: 'The hub does not answer.' } as const
const connected = { state: 'connected', transport: 'raw', hubVersion: '1', sinceMs: 0 } as const

describe('what is shown of the tunnel', () => {
  it('is sharing while shares are open', () => {
    expect(describeConnection(connected, offline, 0)).toEqual({ connection: 'connected', trouble: null })
    expect(describeConnection(connected, offline, 1)).toEqual({ connection: 'sharing', trouble: null })
  })

  it('stays offline with its reason while it tries again', () => {
    const waiting = { state: 'waiting', reason: 'unreachable', message: 'Away.', retryAtMs: 0 } as const
    const before = describeConnection(waiting, { connection: 'sharing', trouble: null }, 1)
    expect(before).toEqual({ connection: 'offline', trouble: 'Away.' })
    expect(describeConnection({ state: 'connecting', attempt: 2 }, before, 1)).toBe(before)
  })

  it('begins with connecting, and ends offline without a complaint', () => {
    expect(describeConnection({ state: 'connecting', attempt: 1 }, offline, 0)).toEqual({
      connection: 'connecting',
      trouble: null,
    })
    expect(describeConnection({ state: 'closed' }, offline, 0)).toEqual({
      connection: 'offline',
      trouble: null,
    })
  })
})
