// Guarantee (SPEC §9): the bytes that are signed and sent are one JSON object in the documented order, the same for the same
// event in every attempt, whatever a visitor put into it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { composePayload, composeTestPayload, type PayloadEvent } from './compose-payload.ts'

const at = new Date('2026-03-02T10:00:00.123Z')
const event: PayloadEvent = {
  id: 'evt_1',
  seq: 7,
  type: 'share.created',
  data: { shareId: 'share_1', shareName: 'demo' },
  createdAt: at,
}

describe('an event’s body', () => {
  it('has the event first, then what it tells, its id and its number', () => {
    expect(composePayload(event)).toBe(
      '{"event":"share.created","data":{"timestamp":"2026-03-02T10:00:00.123Z","shareId":"share_1","shareName":"demo"},' +
        '"id":"evt_1","seq":7}',
    )
  })

  it('says when it happened, where the event itself knows better than its row', () => {
    const timestamp = '2026-03-01T00:00:00.000Z'
    const body = composePayload({ ...event, data: { ...event.data, timestamp } })
    expect(JSON.parse(body)).toMatchObject({ data: { timestamp } })
  })

  it('is read back as it was, and cannot be given another event, id or number', () => {
    const data = fc.dictionary(fc.constantFrom('event', 'id', 'seq', 'path', 'userAgent'), fc.string())
    fc.assert(
      fc.property(data, (told) => {
        const body = composePayload({ ...event, data: told })
        expect(JSON.parse(body)).toMatchObject({ event: 'share.created', id: 'evt_1', seq: 7, data: told })
        expect(composePayload({ ...event, data: told })).toBe(body)
        expect(body).not.toMatch(/[\r\n]/)
      }),
    )
  })
})

it('a test’s body names its webhook and has no number, for it is in no stream', () => {
  expect(JSON.parse(composeTestPayload({ id: 'evt_2', webhookId: 'hook_1', at }))).toEqual({
    event: 'webhook.test',
    data: { webhookId: 'hook_1', timestamp: at.toISOString() },
    id: 'evt_2',
    seq: null,
  })
})
