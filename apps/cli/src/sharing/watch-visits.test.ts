import type { AccessLogEntry } from '@private-connect/api/contracts'
import { describe, expect, it } from 'vitest'
import { watchVisits } from './watch-visits.ts'

const entryOf = (id: string): AccessLogEntry => ({ id }) as AccessLogEntry

describe('watchVisits', () => {
  it('shows each visit once, oldest first, and goes on after a hub that fails', async () => {
    const stop = new AbortController()
    const asked: Array<string | undefined> = []
    const answers = [['log_2', 'log_1'], [], 'fails', ['log_4', 'log_3']]
    const shown: string[] = []
    await watchVisits({
      shareId: 'share_1',
      signal: stop.signal,
      intervalMs: 1,
      onVisit: ({ id }) => shown.push(id),
      hub: {
        async listLogs(_shareId, options) {
          asked.push(options?.after)
          const next = answers.shift()
          if (next === 'fails') throw new Error('restarting')
          if (next === undefined) stop.abort()
          return ((next ?? []) as string[]).map(entryOf)
        },
      },
    })
    expect(shown).toEqual(['log_1', 'log_2', 'log_3', 'log_4'])
    expect(asked).toEqual([undefined, 'log_2', 'log_2', 'log_2', 'log_4'])
  })

  it('asks after the entry that was written last, wherever it stands in the page', async () => {
    const stop = new AbortController()
    const asked: Array<string | undefined> = []
    await watchVisits({
      shareId: 'share_1',
      signal: stop.signal,
      intervalMs: 1,
      onVisit: () => {},
      hub: {
        async listLogs(_shareId, options) {
          asked.push(options?.after)
          if (asked.length > 1) stop.abort()
          return asked.length > 1 ? [] : ['log_2', 'log_3', 'log_1'].map(entryOf)
        },
      },
    })
    expect(asked).toEqual([undefined, 'log_3'])
  })

  it('asks nothing once it was stopped', async () => {
    const stop = new AbortController()
    const shown: string[] = []
    stop.abort()
    await watchVisits({
      shareId: 'share_1',
      signal: stop.signal,
      onVisit: ({ id }) => shown.push(id),
      hub: { listLogs: async () => [entryOf('log_1')] },
    })
    expect(shown).toEqual([])
  })
})
