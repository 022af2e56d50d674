import { webhookEventTypes } from '@private-connect/api/contracts'
import { expect, it } from 'vitest'
import { eventWords, tellEvents } from './event-words.ts'

it.each([
  [[...webhookEventTypes], 'all events'],
  [['share.created'], 'share.created'],
  [['share.created', 'share.revoked'], 'share.created and share.revoked'],
  [['a', 'b', 'c'], '3 of 8 events'],
])('%j is told as %s', (events, told) => {
  expect(tellEvents(events, webhookEventTypes.length)).toBe(told)
})

it('has words for every event', () => {
  expect(Object.keys(eventWords)).toEqual([...webhookEventTypes])
})
