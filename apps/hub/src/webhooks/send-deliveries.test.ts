// Guarantee (WHK-03, -04): the loop sends at once when it is woken and when something is due, looks for itself now and then,
// outlives a database that is away, forgets what is old, and lets what is being sent end before it stops.
import { setImmediate as turnOver } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import type { DeliverySender } from './delivery-sender.ts'
import { sendDeliveries, type SendLoopOptions } from './send-deliveries.ts'

const hour = 3_600_000

/** A sender that notes what is asked of it. */
function createNotes() {
  const notes: string[] = []
  const settled = Promise.withResolvers<void>()
  const sender = {
    turn: vi.fn<DeliverySender['turn']>(async () => 0),
    nextDueMs: vi.fn<DeliverySender['nextDueMs']>(async () => null),
    cleanUp: vi.fn<DeliverySender['cleanUp']>(async () => undefined),
    settle: async () => settled.promise,
    abort: () => (notes.push('aborted'), settled.resolve()),
  }
  const warn = vi.fn()
  const start = (options: Partial<SendLoopOptions> = {}) =>
    sendDeliveries({ sender, log: { warn }, nowMs: Date.now, pollMs: hour, graceMs: 0, ...options })
  return { notes, sender, settled, warn, start }
}

/** All that could happen without any time passing has happened. */
async function settleDown(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await turnOver()
}

it('takes a turn when it is woken, also during a turn, and else waits', async () => {
  const { sender, start } = createNotes()
  const loop = start()
  await vi.waitFor(() => expect(sender.nextDueMs).toHaveBeenCalledTimes(1), { timeout: 10_000 })
  const held = Promise.withResolvers<number>()
  sender.turn.mockReturnValueOnce(held.promise)
  loop.wake()
  await vi.waitFor(() => expect(sender.turn).toHaveBeenCalledTimes(2), { timeout: 10_000 })
  loop.wake()
  held.resolve(0)
  await vi.waitFor(() => expect(sender.turn).toHaveBeenCalledTimes(3), { timeout: 10_000 })
  await settleDown()
  expect(sender.turn).toHaveBeenCalledTimes(3)
  await loop.stop()
})

it('goes on at once as long as there was something to send', async () => {
  const { sender, start } = createNotes()
  sender.turn.mockResolvedValueOnce(4).mockResolvedValueOnce(4)
  const loop = start()
  await vi.waitFor(() => expect(sender.turn).toHaveBeenCalledTimes(3), { timeout: 10_000 })
  expect(sender.nextDueMs).toHaveBeenCalledTimes(1)
  await loop.stop()
})

it('is awake when something is due, and looks for itself however late that is', async () => {
  const { sender, start } = createNotes()
  sender.nextDueMs.mockResolvedValueOnce(Date.now() + 50)
  const loop = start()
  await vi.waitFor(() => expect(sender.turn).toHaveBeenCalledTimes(2), { timeout: 10_000 })
  await loop.stop()
  const other = createNotes()
  other.sender.nextDueMs.mockResolvedValue(Date.now() + hour)
  const polling = other.start({ pollMs: 5 })
  await vi.waitFor(() => expect(other.sender.turn.mock.calls.length).toBeGreaterThan(2), { timeout: 10_000 })
  await polling.stop()
})

it('outlives a database that is away, and says so', async () => {
  const { sender, warn, start } = createNotes()
  sender.turn.mockRejectedValueOnce(new Error('away'))
  const loop = start()
  await vi.waitFor(() => expect(sender.turn).toHaveBeenCalledTimes(2), { timeout: 10_000 })
  expect(warn.mock.calls).toEqual([[{ err: new Error('away') }, expect.stringContaining('will retry')]])
  await loop.stop()
})

it('cleans up now and then', async () => {
  const { sender, start } = createNotes()
  const loop = start({ cleanUpEveryMs: 0, pollMs: 1 })
  await vi.waitFor(() => expect(sender.cleanUp.mock.calls.length).toBeGreaterThan(1), { timeout: 10_000 })
  await loop.stop()
  const rarely = createNotes()
  const other = rarely.start({ pollMs: 1 })
  await vi.waitFor(() => expect(rarely.sender.turn.mock.calls.length).toBeGreaterThan(3), { timeout: 10_000 })
  await other.stop()
  expect(rarely.sender.cleanUp).not.toHaveBeenCalled()
})

it('lets what is being sent end before it stops, and cuts what takes longer', async () => {
  const { notes, settled, sender, start } = createNotes()
  const loop = start({ graceMs: hour })
  const stopped = loop.stop().then(() => notes.push('stopped'))
  await settleDown()
  expect(notes).toEqual([])
  settled.resolve()
  await stopped
  const turns = sender.turn.mock.calls.length
  loop.wake()
  await settleDown()
  expect(sender.turn).toHaveBeenCalledTimes(turns)
  const other = createNotes()
  await other.start({ graceMs: 10 }).stop()
  expect(other.notes).toEqual(['aborted'])
})
