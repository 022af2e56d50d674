import { describe, expect, it } from 'vitest'
import { createQueue, createSingleFlight } from './single-flight.ts'

const turn = async () => new Promise((done) => setImmediate(done))

describe('a single flight', () => {
  it('runs once at a time, and once more for all who asked meanwhile', async () => {
    let runs = 0
    let inside = 0
    const run = createSingleFlight(async () => {
      inside += 1
      expect(inside).toBe(1)
      runs += 1
      await turn()
      inside -= 1
    })
    await Promise.all([run(), run(), run()])
    expect(runs).toBe(2)
    await run()
    expect(runs).toBe(3)
  })

  it('fails for those who wait, and begins anew', async () => {
    let fails = true
    const run = createSingleFlight(async () => {
      if (fails) throw new Error('away')
    })
    await expect(run()).rejects.toThrow('away')
    fails = false
    await expect(run()).resolves.toBeUndefined()
  })
})

describe('a queue', () => {
  it('does one after the other, also after a failure', async () => {
    const inTurn = createQueue()
    const order: string[] = []
    const first = inTurn(async () => {
      await turn()
      order.push('first')
      throw new Error('no')
    })
    const second = inTurn(async () => {
      order.push('second')
      return 2
    })
    await expect(first).rejects.toThrow('no')
    expect(await second).toBe(2)
    expect(order).toEqual(['first', 'second'])
  })
})
