import { describe, expect, it, vi } from 'vitest'
import { keepTray } from './keep-tray.ts'

function play(answers: readonly boolean[]) {
  const left = [...answers]
  const closes: string[] = []
  const open = vi.fn(() => {
    const name = `icon ${open.mock.calls.length}`
    return () => void closes.push(name)
  })
  const hasHost = vi.fn(() => Promise.resolve(left.shift() ?? false))
  return { open, closes, hasHost, close: keepTray({ open, hasHost }) }
}

describe('keepTray', () => {
  it('shows the icon once where there is a tray', async () => {
    const { open, closes, hasHost, close } = play([true])
    await vi.waitFor(() => expect(hasHost).toHaveBeenCalledOnce(), { timeout: 10_000 })
    close()
    expect(open).toHaveBeenCalledOnce()
    expect(closes).toEqual(['icon 1'])
  })

  it('shows it again in a tray that comes up later', async () => {
    const { open, closes, close } = play([false, true])
    await vi.waitFor(() => expect(open).toHaveBeenCalledTimes(2), { timeout: 10_000 })
    expect(closes).toEqual(['icon 1'])
    close()
    expect(closes).toEqual(['icon 1', 'icon 2'])
  })

  it('shows none after it was taken away', async () => {
    const { open, hasHost, close } = play([false, true])
    close()
    await vi.waitFor(() => expect(hasHost).toHaveBeenCalledTimes(2), { timeout: 10_000 })
    await Promise.resolve()
    expect(open).toHaveBeenCalledOnce()
  })
})
