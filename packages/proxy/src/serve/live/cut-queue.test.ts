// Guarantee (REV-04): whatever is cut, one turn of the event loop ends only a batch of it, within its time; shares are
// cut in turn, so that a small one does not wait behind a large one.
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCutQueue } from './cut-queue.ts'
import type { Visit } from '../visit.ts'

const reason = new Error('cut')

interface Probe {
  readonly visits: readonly Visit[]
  readonly steps: string[]
}

/** Visits that note what is done to them, and that may take time on a clock of the test's. */
function createProbe(count: number, onStep: () => void = () => undefined): Probe {
  const steps: string[] = []
  const note = (step: string) => (given: Error) => {
    expect(given).toBe(reason)
    steps.push(step)
    onStep()
  }
  const visits = Array.from({ length: count }, (_, at) => {
    const probe: Pick<Visit, 'end' | 'closeVisitor'> = {
      end: note(`end ${at}`),
      closeVisitor: note(`close ${at}`),
    }
    return probe as Visit
  })
  return { visits, steps }
}

describe('a queue of cuts', () => {
  it('ends each visit once: all upstream sides, then the pool, then all visitors', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 600 }), async (count) => {
        const { visits, steps } = createProbe(count)
        const queue = createCutQueue(() => 0)
        queue.add({ visits, reason, onStopped: () => steps.push('stopped') })
        await queue.whenEmpty()
        const each = (step: string): string[] => Array.from({ length: count }, (_, at) => `${step} ${at}`)
        expect(steps).toEqual([...each('end'), 'stopped', ...each('close')])
      }),
      { numRuns: 30 },
    )
  })

  it('does 256 steps of it in one turn, the first of them at once', async () => {
    const { visits, steps } = createProbe(1_000)
    const queue = createCutQueue(() => 0)
    queue.add({ visits, reason, onStopped: () => undefined })
    for (const expected of [256, 512, 768]) {
      expect(steps).toHaveLength(expected)
      await turn()
    }
    await queue.whenEmpty()
    expect(steps).toHaveLength(2_000)
  })

  it('leaves the turn to others when its steps take long', async () => {
    let nowMs = 0
    const { visits, steps } = createProbe(64, () => (nowMs += 1))
    const queue = createCutQueue(() => nowMs)
    queue.add({ visits, reason, onStopped: () => undefined })
    expect(steps).toHaveLength(16)
    await turn()
    expect(steps).toHaveLength(32)
    await queue.whenEmpty()
    expect(steps).toHaveLength(128)
  })

  it('lets a small share pass a large one', async () => {
    const large = createProbe(10_000)
    const small = createProbe(3)
    const queue = createCutQueue(() => 0)
    queue.add({ visits: large.visits, reason, onStopped: () => undefined })
    queue.add({ visits: small.visits, reason, onStopped: () => undefined })
    await turn()
    expect(small.steps).toHaveLength(6)
    expect(large.steps.length).toBeLessThan(1_000)
    await queue.whenEmpty()
  })

  it('is empty at once where nothing was added', async () => {
    await expect(createCutQueue().whenEmpty()).resolves.toBeUndefined()
  })
})
