import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCreditBytes } from './frame.ts'
import {
  createWindowPool,
  ReceiveWindow,
  tunnelWindowBytes,
  windowMaxBytes,
  windowStartBytes,
} from './receive-window.ts'

/** A sender that always uses its credit, a link of so many bytes per millisecond and a reader that keeps up. */
function runLink(link: { bytesPerMs: number; rttMs: number; durationMs: number }): ReceiveWindow {
  const window = new ReceiveWindow(createWindowPool(1000), 0)
  let nowMs = 0
  let credit = openCreditBytes + window.grant()
  const returning: { atMs: number; bytes: number }[] = []
  while (nowMs < link.durationMs) {
    while (returning[0] !== undefined && returning[0].atMs <= nowMs) credit += returning.shift()?.bytes ?? 0
    const bytes = Math.min(credit, link.bytesPerMs)
    credit -= bytes
    expect(window.receive(bytes)).toBe(true)
    const at = nowMs
    const granted = window.consume(bytes, { nowMs: () => at, rttMs: link.rttMs })
    if (granted > 0) returning.push({ atMs: nowMs + link.rttMs, bytes: granted })
    nowMs += 1
  }
  return window
}

describe('a receive window', () => {
  it('starts at 256 KiB, of which the optimistic credit is a part', () => {
    const window = new ReceiveWindow(createWindowPool(1000), 0)
    expect(window.sizeBytes).toBe(windowStartBytes)
    expect(window.grant()).toBe(windowStartBytes - openCreditBytes)
  })

  it('grows to fill a link of 25 MB/s and 40 ms, and stays within its bound', () => {
    const window = runLink({ bytesPerMs: 25_000, rttMs: 40, durationMs: 3000 })
    expect(window.sizeBytes).toBeGreaterThan(25_000 * 40 * 1.1)
    expect(window.sizeBytes).toBeLessThanOrEqual(windowMaxBytes)
    expect(runLink({ bytesPerMs: 200_000, rttMs: 80, durationMs: 3000 }).sizeBytes).toBe(windowMaxBytes)
  })

  it('does not grow on a short or slow link', () => {
    expect(runLink({ bytesPerMs: 50_000, rttMs: 1, durationMs: 1000 }).sizeBytes).toBe(windowStartBytes)
    expect(runLink({ bytesPerMs: 100, rttMs: 40, durationMs: 3000 }).sizeBytes).toBe(windowStartBytes)
  })

  it('does not take a burst out of some buffer for bandwidth', () => {
    const window = new ReceiveWindow(createWindowPool(1000), 0)
    window.grant()
    for (let nowMs = 1; nowMs < 20; nowMs += 1) {
      window.receive(250_000)
      window.consume(250_000, { nowMs: () => nowMs, rttMs: 2 })
    }
    expect(window.sizeBytes).toBe(windowStartBytes)
  })

  it('gives a stalled reader nothing more, and calls a peer that sends on a violator', () => {
    const window = new ReceiveWindow(createWindowPool(1000), 0)
    window.grant()
    expect(window.receive(windowStartBytes)).toBe(true)
    expect(window.grant()).toBe(0)
    expect(window.receive(1)).toBe(false)
  })

  it('never lets all windows of a tunnel exceed 16 MiB together, and gives everything back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 999 }), fc.nat(500_000)), { maxLength: 300 }),
        (steps) => {
          const pool = createWindowPool(1000)
          const free = pool.freeBytes
          const windows = Array.from({ length: 1000 }, () => new ReceiveWindow(pool, 0))
          for (const window of windows) window.grant()
          let nowMs = 0
          for (const [index, wanted] of steps) {
            nowMs += 20
            const at = nowMs
            const window = windows[index] as ReceiveWindow
            const bytes = Math.min(wanted, window.sizeBytes)
            if (window.receive(bytes)) window.consume(bytes, { nowMs: () => at, rttMs: 10 })
            const total = windows.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
            expect(total).toBeLessThanOrEqual(tunnelWindowBytes)
            expect(pool.freeBytes).toBeGreaterThanOrEqual(0)
          }
          for (const window of windows) window.release()
          expect(pool.freeBytes).toBe(free)
        },
      ),
      { numRuns: 20 },
    )
  })

  it('takes back from streams that need little when the tunnel is full', () => {
    const pool = createWindowPool(1000)
    const windows = Array.from({ length: 200 }, () => new ReceiveWindow(pool, 0))
    for (const window of windows) window.grant()
    expect(pool.isTight).toBe(true)
    const first = windows[0] as ReceiveWindow
    for (let turn = 1; turn <= 400; turn += 1) {
      first.receive(1000)
      first.consume(1000, { nowMs: () => turn * 10, rttMs: 5 })
    }
    expect(first.sizeBytes).toBeLessThan(windowStartBytes / 2)
    expect(first.sizeBytes).toBeGreaterThanOrEqual(32 * 1024)
  })
})
