import { AppError } from '@private-connect/errors'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startDeadline } from './query-deadline.ts'

const never = new Promise<never>(() => undefined)

// A query ends when its time is over or its asker has left, and the answer tells which; an engine that does not come back
// from cancelling it holds nobody up.
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('is over by the time', () => {
  const { signal } = startDeadline(new AbortController().signal, 1_000)
  vi.advanceTimersByTime(999)
  expect(signal.aborted).toBe(false)
  vi.advanceTimersByTime(1)
  expect(signal.reason).toMatchObject({ code: 'query.timeout' })
})

it('is over when the asker leaves, for the reason of that', () => {
  const asker = new AbortController()
  const { signal } = startDeadline(asker.signal, 1_000)
  asker.abort(new AppError('share.inactive'))
  expect(signal.reason).toMatchObject({ code: 'share.inactive' })
  vi.advanceTimersByTime(2_000)
  expect(signal.reason).toMatchObject({ code: 'share.inactive' })
})

it('is over at once for an asker who left before', () => {
  expect(startDeadline(AbortSignal.abort(new AppError('share.inactive')), 1_000).signal.aborted).toBe(true)
})

it('leaves no timer and no listener once it is stopped', () => {
  const asker = new AbortController()
  const deadline = startDeadline(asker.signal, 1_000)
  deadline.stop()
  expect(vi.getTimerCount()).toBe(0)
  asker.abort()
  expect(deadline.signal.aborted).toBe(false)
})

it('settles as what runs does', async () => {
  const deadline = startDeadline(new AbortController().signal, 1_000)
  expect(await deadline.settle(Promise.resolve(7))).toBe(7)
  await expect(deadline.settle(Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  deadline.stop()
})

it('waits for an engine that cancels, so that its own words are the answer', async () => {
  const deadline = startDeadline(new AbortController().signal, 1_000)
  const { promise, resolve } = Promise.withResolvers<string>()
  const settled = deadline.settle(promise)
  await vi.advanceTimersByTimeAsync(1_000 + 2_999)
  resolve('cancelled')
  expect(await settled).toBe('cancelled')
})

it('waits no longer than 3 seconds for one that does not', async () => {
  const deadline = startDeadline(new AbortController().signal, 1_000)
  const settled = deadline.settle(never).catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(1_000 + 3_000)
  expect(await settled).toMatchObject({ code: 'query.timeout' })
})
