import type { Event } from '@private-connect/api/contracts'
import { describe, expect, it } from 'vitest'
import { tellEvent } from './tell-event.ts'

const head = { id: 'evt_1', seq: 1, createdAt: '2026-03-02T10:00:00.000Z' }
const share = { shareId: 'share_1', shareName: 'demo', ipAddress: '203.0.113.7', timestamp: head.createdAt }
const visit = { ...share, visitorId: 'visitor_1', isBot: false }
const agent = { agentId: 'agent_1', agentName: 'laptop', timestamp: head.createdAt }

const told: ReadonlyArray<readonly [Event, string]> = [
  [{ ...head, type: 'share.created', data: share }, 'demo was shared'],
  [{ ...head, type: 'share.expired', data: { ...share, ipAddress: null } }, 'demo has expired'],
  [{ ...head, type: 'share.revoked', data: share }, 'demo was revoked'],
  [{ ...head, type: 'share.accessed', data: { ...visit, isReturning: false } }, '203.0.113.7 opened demo'],
  [
    { ...head, type: 'share.accessed', data: { ...visit, isReturning: true } },
    '203.0.113.7 came back to demo',
  ],
  [
    { ...head, type: 'share.accessed', data: { ...visit, isBot: true, isReturning: false } },
    'A link preview (203.0.113.7) opened demo',
  ],
  [
    { ...head, type: 'share.denied', data: { ...visit, reason: 'share.path_not_allowed' } },
    '203.0.113.7 was refused at demo: path not allowed',
  ],
  [
    { ...head, type: 'share.query', data: { ...share, queryId: 'qry_1', outcome: 'timed_out' } },
    'A query of 203.0.113.7 to demo took too long',
  ],
  [{ ...head, type: 'agent.online', data: agent }, 'laptop is connected'],
  [{ ...head, type: 'agent.offline', data: agent }, 'laptop is away'],
]

describe('tellEvent', () => {
  it.each(told)('%o', (event, sentence) => {
    expect(tellEvent(event).sentence).toBe(sentence)
  })
})
