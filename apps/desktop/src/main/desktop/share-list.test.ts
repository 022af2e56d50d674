import type { DesktopShare } from '@private-connect/ui/desktop'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createShareList } from './share-list.ts'

/** A share goes when its time is over, asked for at that moment, once, however long the time is. */
const dayMs = 86_400_000
const share = (id: string, expiresAtMs: number | null): DesktopShare => ({
  id,
  name: id,
  url: null,
  targetHost: '127.0.0.1',
  targetPort: 3000,
  expiresAtMs,
  visitorCount: 0,
})

function createList() {
  const shown: string[][] = []
  const onEnd = vi.fn<() => void>()
  const list = createShareList({
    links: { find: (id) => (id === 'linked' ? 'http://link' : null) },
    visitors: { of: (id) => id.length },
    nowMs: () => Date.now(),
    onChange: (shares) => void shown.push(shares.map(({ id }) => id)),
    onEnd,
  })
  return { list, shown, onEnd }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the list of shares', () => {
  it('asks when the first of them is over, and drops it where nobody can be asked', () => {
    const { list, shown, onEnd } = createList()
    list.replace([
      share('long', Date.now() + 60_000),
      share('short', Date.now() + 1000),
      share('forever', null),
    ])
    vi.advanceTimersByTime(999)
    expect(onEnd).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onEnd).toHaveBeenCalledOnce()
    list.dropEnded()
    expect(shown.at(-1)).toEqual(['long', 'forever'])
  })

  it('asks again later where the hub says that it lives on', () => {
    const { list, onEnd } = createList()
    list.replace([share('a', Date.now() - 1)])
    vi.advanceTimersByTime(29_000)
    expect(onEnd).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1000)
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it('does not ask early for one that ends in months', () => {
    const { list, onEnd } = createList()
    list.replace([share('a', Date.now() + 60 * dayMs)])
    vi.advanceTimersByTime(dayMs)
    expect(onEnd).not.toHaveBeenCalled()
  })

  it('shows links and counts, the newest first, each once', () => {
    const { list, shown } = createList()
    list.add(share('old', null))
    list.add(share('linked', null))
    list.add(share('old', null))
    expect(shown.at(-1)).toEqual(['old', 'linked'])
    expect(list.has('linked')).toBe(true)
    list.remove('linked')
    expect(list.has('linked')).toBe(false)
  })

  it('counts what changes its members, not what is counted', () => {
    const { list } = createList()
    list.add(share('a', null))
    const { revision } = list
    list.show()
    list.replace([share('a', null)])
    expect(list.revision).toBe(revision)
    list.change('a', { name: 'b' })
    expect(list.revision).toBe(revision + 1)
  })

  it('says nothing once it is closed', () => {
    const { list, shown, onEnd } = createList()
    list.add(share('a', Date.now() + 1000))
    list.close()
    list.remove('a')
    vi.advanceTimersByTime(60_000)
    expect(shown).toEqual([['a']])
    expect(onEnd).not.toHaveBeenCalled()
  })
})
