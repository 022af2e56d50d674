import { describe, expect, it, vi } from 'vitest'
import { startRetention } from './retention.ts'

const dayMs = 86_400_000
const nowMs = Date.UTC(2026, 6, 1)

function start(changes: Partial<Parameters<typeof startRetention>[0]> = {}, ages: number[] = []) {
  const log = { info: vi.fn(), warn: vi.fn() }
  const deleteOld = async ({ before, rowsMax }: { before: Date; rowsMax: number }) => {
    const old = ages.filter((age) => nowMs - age * dayMs < before.getTime()).slice(0, rowsMax)
    for (const age of old) ages.splice(ages.indexOf(age), 1)
    return old.length
  }
  const options = { deleteOld, log, days: 90, nowMs: () => nowMs, firstMs: 1, everyMs: 20, rowsPerBatch: 2 }
  return { ages, log, retention: startRetention({ what: 'entries', ...options, ...changes }) }
}

// Guarantee (LOG-07): entries older than the setting go by themselves, the others stay, and a stop waits for no backlog.
describe('the retention of the access log', () => {
  it('deletes what is too old in several batches, again and again, and keeps the rest', async () => {
    const { ages, log, retention } = start({}, [1, 89.9, 90.1, 91, 92, 365, 1000])
    await vi.waitFor(() => expect(ages).toEqual([1, 89.9]), { timeout: 10_000 })
    ages.push(400)
    await vi.waitFor(() => expect(ages).toEqual([1, 89.9]), { timeout: 10_000 })
    await retention.stop()
    expect(log.info).toHaveBeenCalledWith({ count: 5, days: 90 }, expect.any(String))
    expect(log.warn).not.toHaveBeenCalled()
  })

  it('leaves a failure for the next time', async () => {
    const deleteOld = vi.fn().mockRejectedValueOnce(new Error('away')).mockResolvedValue(0)
    const { log, retention } = start({ deleteOld })
    await vi.waitFor(() => expect(deleteOld.mock.calls.length).toBeGreaterThan(1), { timeout: 10_000 })
    await retention.stop()
    expect(log.warn).toHaveBeenCalledTimes(1)
  })

  it('stops at once where it waits, and after the batch where it deletes', async () => {
    await start({ firstMs: 3_600_000 }).retention.stop()
    let finish = () => {}
    const deleteOld = vi.fn(() => new Promise<number>((resolve) => (finish = () => resolve(2))))
    const { retention } = start({ deleteOld })
    await vi.waitFor(() => expect(deleteOld).toHaveBeenCalled(), { timeout: 10_000 })
    const stopping = retention.stop()
    finish()
    await stopping
    expect(deleteOld).toHaveBeenCalledTimes(1)
  })
})
