import { describe, expect, it, vi } from 'vitest'
import { createDeadline } from './deadline.ts'

describe('createDeadline', () => {
  it('waits for more than one timer can hold', async () => {
    vi.useFakeTimers()
    const reached = vi.fn<() => void>()
    createDeadline(40 * 86_400_000, reached)
    await vi.advanceTimersByTimeAsync(40 * 86_400_000 - 10)
    expect(reached).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(20)
    expect(reached).toHaveBeenCalledOnce()
    vi.useRealTimers()
  })

  it('is not moved by the wall clock, and never comes once cancelled', async () => {
    vi.useFakeTimers()
    const reached = vi.fn<() => void>()
    createDeadline(1_000, reached)
    createDeadline(1_000, reached).cancel()
    vi.setSystemTime(Date.now() - 600_000)
    await vi.advanceTimersByTimeAsync(1_010)
    expect(reached).toHaveBeenCalledOnce()
    vi.useRealTimers()
  })

  it('comes at once when it has passed', async () => {
    const reached = vi.fn<() => void>()
    createDeadline(-5, reached)
    await vi.waitFor(() => expect(reached).toHaveBeenCalledOnce(), { timeout: 10_000 })
  })
})
