import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MenuKeeper } from './menu-keeper.ts'

let text = 'first'
const replace = vi.fn()
let keeper: MenuKeeper

beforeEach(() => {
  vi.useFakeTimers()
  text = 'first'
  replace.mockClear()
  keeper = new MenuKeeper({ build: () => [{ text }], replace, readingMs: 10_000 })
  keeper.show()
})

afterEach(() => {
  keeper.close()
  vi.useRealTimers()
})

describe('MenuKeeper', () => {
  it('replaces the menu where it has changed, and only there', () => {
    expect(replace).toHaveBeenCalledOnce()
    keeper.changed()
    vi.advanceTimersByTime(1000)
    expect(replace).toHaveBeenCalledOnce()
    text = 'second'
    keeper.changed()
    keeper.changed()
    vi.advanceTimersByTime(1000)
    expect(replace.mock.calls.map(([entries]) => entries)).toEqual([
      [{ text: 'first' }],
      [{ text: 'second' }],
    ])
  })

  it('notices by itself that time passes', () => {
    text = 'later'
    vi.advanceTimersByTime(31_000)
    expect(replace).toHaveBeenCalledTimes(2)
  })

  it('leaves an open menu alone until it is closed', () => {
    keeper.opened()
    text = 'second'
    keeper.changed()
    vi.advanceTimersByTime(5000)
    expect(replace).toHaveBeenCalledOnce()
    keeper.closed()
    vi.advanceTimersByTime(1000)
    expect(replace).toHaveBeenCalledTimes(2)
  })

  it('leaves a menu alone that is opened while a change is on its way', () => {
    text = 'second'
    keeper.changed()
    keeper.opened()
    vi.advanceTimersByTime(5000)
    expect(replace).toHaveBeenCalledOnce()
  })

  it('waits not for ever where the system does not tell that it is closed', () => {
    keeper.opened()
    text = 'second'
    keeper.changed()
    vi.advanceTimersByTime(11_000)
    expect(replace).toHaveBeenCalledTimes(2)
  })

  it('shows the truth after a choice, which a check box may have changed by itself', () => {
    keeper.opened()
    keeper.chosen()
    vi.advanceTimersByTime(1000)
    expect(replace).toHaveBeenCalledTimes(2)
  })

  it('stops when it is closed', () => {
    keeper.close()
    expect(vi.getTimerCount()).toBe(0)
  })
})
