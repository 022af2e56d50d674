import { shareDurations } from '@private-connect/api/contracts'
import { Failure } from '@private-connect/sharing'
import type { DesktopSettings } from '@private-connect/ui/desktop'
import type { Desktop, DesktopPorts } from './desktop.ts'
import type { StateStore } from './state-store.ts'

export interface Preferences extends Pick<Desktop, 'changeSettings' | 'snooze'> {
  save(patch: Partial<DesktopSettings>): Promise<void>
  close(): void
}

/** The settings in file and state, and the end of a snooze. */
export function createPreferences(
  ports: Pick<DesktopPorts, 'settings' | 'nowMs'>,
  store: StateStore,
): Preferences {
  let snoozeTimer: NodeJS.Timeout | undefined

  const save = async (patch: Partial<DesktopSettings>): Promise<void> => {
    const settings = { ...store.get().settings, ...patch }
    store.update({ settings })
    watchSnooze(settings.snoozedUntilMs)
    await ports.settings.save(settings)
  }
  const watchSnooze = (untilMs: number | null): void => {
    clearTimeout(snoozeTimer)
    if (untilMs === null) return
    const end = (): void => void save({ snoozedUntilMs: null }).catch(() => undefined)
    // A day is the longest that one can ask for.
    snoozeTimer = setTimeout(end, Math.min(Math.max(0, untilMs - ports.nowMs()), 86_400_000))
  }
  watchSnooze(store.get().settings.snoozedUntilMs)
  return {
    save,
    async changeSettings(patch) {
      const { defaultExpiry } = patch
      if (defaultExpiry !== undefined && !shareDurations.some((known) => known === defaultExpiry)) {
        throw new Failure('usage', `The default expiry must be one of ${shareDurations.join(', ')}.`)
      }
      const named = Object.entries(patch).filter(([, value]) => value !== undefined)
      await save(Object.fromEntries(named))
    },
    snooze: async (minutes) =>
      save({ snoozedUntilMs: minutes === null ? null : ports.nowMs() + minutes * 60_000 }),
    close: () => clearTimeout(snoozeTimer),
  }
}
