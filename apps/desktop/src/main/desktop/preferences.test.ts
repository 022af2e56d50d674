import type { DesktopSettings } from '@private-connect/ui/desktop'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defaultSettings } from '../storage/settings-file.ts'
import { createPreferences } from './preferences.ts'
import { signedOut } from './signed-out.ts'
import { createStateStore } from './state-store.ts'

/** A snooze ends by itself, after a restart of the app too; settings are checked, shown and written down. */
function setUp(settings: DesktopSettings = defaultSettings) {
  const saved: DesktopSettings[] = []
  const file = { current: () => settings, save: async (next: DesktopSettings) => void saved.push(next) }
  const store = createStateStore({ ...signedOut(), settings, secretStorage: 'memory', hasKeyring: false })
  return { saved, store, preferences: createPreferences({ settings: file, nowMs: () => Date.now() }, store) }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('preferences', () => {
  it('are shown and written down, without what was not named', async () => {
    const { saved, store, preferences } = setUp()
    await preferences.changeSettings({ notifies: false, defaultExpiry: undefined })
    expect(store.get().settings).toEqual({ ...defaultSettings, notifies: false })
    expect(saved).toEqual([{ ...defaultSettings, notifies: false }])
  })

  it('take no expiry that the hub does not know', async () => {
    const { saved, preferences } = setUp()
    await expect(preferences.changeSettings({ defaultExpiry: '2h' })).rejects.toThrow(
      'must be one of 1h, 24h',
    )
    expect(saved).toEqual([])
  })

  it('snooze until the time is over, or until told otherwise', async () => {
    const { store, preferences } = setUp()
    await preferences.snooze(60)
    expect(store.get().settings.snoozedUntilMs).toBe(Date.now() + 3_600_000)
    vi.advanceTimersByTime(3_599_000)
    expect(store.get().settings.snoozedUntilMs).not.toBeNull()
    vi.advanceTimersByTime(1000)
    expect(store.get().settings.snoozedUntilMs).toBeNull()
    await preferences.snooze(60)
    await preferences.snooze(null)
    expect(store.get().settings.snoozedUntilMs).toBeNull()
  })

  it('end a snooze that ended while the app did not run', () => {
    const { store } = setUp({ ...defaultSettings, snoozedUntilMs: Date.now() - 1 })
    vi.advanceTimersByTime(1)
    expect(store.get().settings.snoozedUntilMs).toBeNull()
  })
})
