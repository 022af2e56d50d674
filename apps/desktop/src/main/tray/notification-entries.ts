import type { DesktopSettings } from '@private-connect/ui/desktop'
import type { MenuEntry, TextEntry } from './menu-entry.ts'

/** *Notifications*: on, off, and quiet for a while. */
export function notificationsEntry({ notifies, snoozedUntilMs }: DesktopSettings, nowMs: number): TextEntry {
  const untilMs = notifies && snoozedUntilMs !== null && snoozedUntilMs > nowMs ? snoozedUntilMs : null
  return {
    text: writeTitle(notifies, untilMs),
    entries: [
      { text: 'Tell me of new visitors', isChecked: notifies, action: { kind: 'notify', isOn: !notifies } },
      'separator',
      ...snoozeEntries(notifies, untilMs),
    ],
  }
}

function writeTitle(notifies: boolean, untilMs: number | null): string {
  if (!notifies) return 'Notifications (off)'
  return untilMs === null ? 'Notifications' : `Notifications (quiet until ${writeClock(untilMs)})`
}

function snoozeEntries(notifies: boolean, untilMs: number | null): readonly MenuEntry[] {
  if (untilMs !== null) return [{ text: 'End the snooze', action: { kind: 'snooze', until: 'now' } }]
  return [
    { text: 'Snooze for 1 hour', isEnabled: notifies, action: { kind: 'snooze', until: 'hour' } },
    { text: 'Snooze until tomorrow', isEnabled: notifies, action: { kind: 'snooze', until: 'tomorrow' } },
  ]
}

function writeClock(timeMs: number): string {
  return new Date(timeMs).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
}

const minutesMax = 24 * 60

/** Minutes until eight in the morning: this day's for whoever is still up before four, else the next day's; a day at most. */
export function minutesUntilTomorrow(nowMs: number): number {
  const morning = new Date(nowMs)
  if (morning.getHours() >= 4) morning.setDate(morning.getDate() + 1)
  morning.setHours(8, 0, 0, 0)
  return Math.min(minutesMax, Math.max(1, Math.ceil((morning.getTime() - nowMs) / 60_000)))
}
