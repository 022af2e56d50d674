import { describe, expect, it } from 'vitest'
import { isPresenting, parseActiveWindow, type PresentingOptions } from './presenting.ts'

const ask = (
  changes: Partial<PresentingOptions>,
  printed: readonly [root: string, window: string] = ['', ''],
) => {
  const left = [...printed]
  const run = () => Promise.resolve(left.shift() ?? '')
  return isPresenting({ platform: 'linux', hasX11: true, isLocked: () => false, run, ...changes })
}
const active = '_NET_ACTIVE_WINDOW(WINDOW): window id # 0x1400003\n'

describe('isPresenting', () => {
  it('sees a full screen on X11', async () => {
    expect(
      await ask({}, [active, '_NET_WM_STATE(ATOM) = _NET_WM_STATE_FULLSCREEN, _NET_WM_STATE_FOCUSED\n']),
    ).toBe(true)
    expect(await ask({}, [active, '_NET_WM_STATE(ATOM) = _NET_WM_STATE_FOCUSED\n'])).toBe(false)
    expect(await ask({}, ['_NET_ACTIVE_WINDOW(WINDOW): window id # 0x0\n', '_NET_WM_STATE_FULLSCREEN'])).toBe(
      false,
    )
    expect(await ask({}, ['_NET_ACTIVE_WINDOW:  not found.\n', ''])).toBe(false)
  })

  it('asks nothing where the system keeps notifications back itself', async () => {
    const run = () => Promise.reject(new Error('asked'))
    expect(await ask({ platform: 'darwin', run })).toBe(false)
    expect(await ask({ hasX11: false, run })).toBe(false)
  })

  it('takes a locked screen for nobody there', async () => {
    expect(await ask({ platform: 'win32', isLocked: () => true })).toBe(true)
  })
})

describe('parseActiveWindow', () => {
  it('reads a number and nothing else', () => {
    expect(parseActiveWindow(active)).toBe('0x1400003')
    expect(parseActiveWindow('window id # 0x14; rm -rf /')).toBe('0x14')
    expect(parseActiveWindow('window id # -root')).toBeNull()
  })
})
