import type { DesktopSettings } from '@private-connect/ui/desktop'

/** What a person has set, in a file of its own. */
export interface SettingsFile {
  /** As of the last `save`, or of the start; a file that cannot be read counts as the defaults. */
  current(): DesktopSettings
  save(settings: DesktopSettings): Promise<void>
}
