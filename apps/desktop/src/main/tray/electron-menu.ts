import type { MenuItemConstructorOptions } from 'electron'
import { escapeLabel } from './label.ts'
import type { MenuAction, MenuEntry } from './menu-entry.ts'

/** The menu as Electron builds it. */
export function toElectronMenu(
  entries: readonly MenuEntry[],
  run: (action: MenuAction) => void,
): MenuItemConstructorOptions[] {
  return entries.map((entry) => {
    if (entry === 'separator') return { type: 'separator' }
    const { text, action, entries: inner, isChecked } = entry
    const isAlive = action !== undefined || inner !== undefined
    return {
      label: escapeLabel(text),
      enabled: isAlive && (entry.isEnabled ?? true),
      ...(isChecked === undefined ? {} : { type: 'checkbox' as const, checked: isChecked }),
      ...(action === undefined ? {} : { click: () => run(action) }),
      ...(inner === undefined ? {} : { submenu: toElectronMenu(inner, run) }),
    }
  })
}
