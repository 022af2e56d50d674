import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { variant } from '../system/session-bus.ts'
import { hasTrayHost } from './tray-host.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const busThat = (call: () => Promise<readonly unknown[]>) => ({ bus: { call }, patienceMs: 0 })

describe('hasTrayHost', () => {
  it('asks the session bus where there is one', async () => {
    expect(await hasTrayHost({ bus: 'always', patienceMs: 0 })).toBe(true)
    expect(await hasTrayHost({ bus: null, patienceMs: 0 })).toBe(false)
    expect(await hasTrayHost(busThat(() => Promise.resolve([variant('b', true)])))).toBe(true)
    expect(await hasTrayHost(busThat(() => Promise.resolve([variant('b', false)])))).toBe(false)
    expect(await hasTrayHost(busThat(() => Promise.reject(new Error('no such name'))))).toBe(false)
  })

  it('waits at login for a desktop that comes up, and not for ever', async () => {
    const startedMs = Date.now()
    const bus = { call: () => Promise.resolve([variant('b', Date.now() - startedMs > 3000)]) }
    const soon = hasTrayHost({ bus, patienceMs: 10_000 })
    const never = hasTrayHost({ bus, patienceMs: 1000 })
    await vi.advanceTimersByTimeAsync(4000)
    expect(await never).toBe(false)
    expect(await soon).toBe(true)
  })

  it('asks without an end, until it is told to stop', async () => {
    const stopping = new AbortController()
    const call = vi.fn(() => Promise.resolve([variant('b', false)]))
    const asked = hasTrayHost({ bus: { call }, patienceMs: Infinity, signal: stopping.signal })
    await vi.advanceTimersByTimeAsync(3_600_000)
    // Often while a desktop comes up, seldom afterwards.
    expect(call.mock.calls.length).toBeGreaterThan(60)
    expect(call.mock.calls.length).toBeLessThan(500)
    stopping.abort()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await asked).toBe(false)
  })
})
