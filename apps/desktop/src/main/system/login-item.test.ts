import { describe, expect, it, vi } from 'vitest'
import type { DesktopState } from '@private-connect/ui/desktop'
import type { App } from 'electron'
import { aState } from '../../../test/kit/desktop-state.ts'
import { followLoginSetting, wasStartedAtLogin } from './login-item.ts'

describe('followLoginSetting', () => {
  it('tells macOS and Windows at the start, and at each change of the setting', () => {
    let state = aState()
    let hear: (state: DesktopState) => void = () => undefined
    const setLoginItemSettings = vi.fn()
    const stop = vi.fn()
    const follow = followLoginSetting({
      app: { isPackaged: true, setLoginItemSettings } as unknown as App,
      platform: 'win32',
      state: {
        get: () => state,
        subscribe: (listener) => {
          hear = listener
          return stop
        },
      },
      autostart: { file: '/nowhere/app.desktop', command: ['app'] },
      logError: vi.fn(),
    })
    hear(state)
    state = aState({ settings: { startsAtLogin: true } })
    hear(state)
    hear(state)
    expect(setLoginItemSettings.mock.calls.map(([settings]) => settings)).toEqual([
      { openAtLogin: false, args: ['--hidden'] },
      { openAtLogin: true, args: ['--hidden'] },
    ])
    follow()
    expect(stop).toHaveBeenCalledOnce()
  })
})

it('an unpacked start does not put Electron itself into the list', () => {
  const setLoginItemSettings = vi.fn()
  followLoginSetting({
    app: { isPackaged: false, setLoginItemSettings } as unknown as App,
    platform: 'win32',
    state: { get: () => aState({ settings: { startsAtLogin: true } }), subscribe: () => () => undefined },
    autostart: { file: '/nowhere/app.desktop', command: ['app'] },
    logError: vi.fn(),
  })
  expect(setLoginItemSettings).not.toHaveBeenCalled()
})

describe('wasStartedAtLogin', () => {
  it('goes by the switch that the login item gives', () => {
    const app = { getLoginItemSettings: () => ({ wasOpenedAtLogin: false }) } as unknown as App
    expect(wasStartedAtLogin(app, ['app', '--hidden'])).toBe(true)
    expect(wasStartedAtLogin(app, ['app'])).toBe(false)
  })
})
