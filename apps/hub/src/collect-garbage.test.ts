import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { collectGarbage } from './collect-garbage.ts'

function makeGarbage(): WeakRef<object> {
  return new WeakRef({ large: Array.from({ length: 1_000_000 }, (_, at) => ({ at })) })
}

it('leaves only what is alive', async () => {
  const garbage = makeGarbage()
  // A weak reference holds its target until the turn of the event loop is over.
  await turn()
  const before = process.memoryUsage().heapUsed
  collectGarbage()
  expect(garbage.deref()).toBeUndefined()
  expect(before - process.memoryUsage().heapUsed).toBeGreaterThan(10_000_000)
})
