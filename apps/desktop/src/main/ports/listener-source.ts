import { createLinuxSource } from './linux-listeners.ts'
import type { ListenerSource } from './listener.ts'
import { createMacosSource } from './macos-listeners.ts'
import { createWindowsSource } from './windows-listeners.ts'

export interface SystemSource {
  readonly source: ListenerSource
  /** How often it may be looked at in the background: macOS and Windows start a program for each look. */
  readonly everyMs: number
}

/** Where this system tells its listening ports; the others of the world have none. */
export function selectListenerSource(platform: NodeJS.Platform, systemRoot: string): SystemSource {
  if (platform === 'linux') return { source: createLinuxSource(), everyMs: 2000 }
  if (platform === 'darwin') return { source: createMacosSource(), everyMs: 30_000 }
  if (platform === 'win32') return { source: createWindowsSource(systemRoot), everyMs: 30_000 }
  return { source: { read: () => Promise.resolve([]) }, everyMs: 3_600_000 }
}
