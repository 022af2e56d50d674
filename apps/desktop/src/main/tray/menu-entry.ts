import type { Extension } from '../desktop/desktop.ts'

/** What a click on the menu asks for. */
export type MenuAction =
  | { readonly kind: 'share-port'; readonly port: number; readonly host: string }
  /** Without a path the window shows what it showed. */
  | { readonly kind: 'open'; readonly path?: string }
  | { readonly kind: 'copy-link' | 'open-link' | 'revoke'; readonly shareId: string }
  | { readonly kind: 'extend'; readonly shareId: string; readonly by: Extension }
  | { readonly kind: 'notify'; readonly isOn: boolean }
  | { readonly kind: 'snooze'; readonly until: 'hour' | 'tomorrow' | 'now' }
  | { readonly kind: 'quit' }

/** A line of the menu, as plain data: two menus are the same where their entries are. */
export type MenuEntry = 'separator' | TextEntry

export interface TextEntry {
  /** What a person reads: not yet escaped for the menu. */
  readonly text: string
  /** Without one, and without entries of its own, a line is only read. */
  readonly action?: MenuAction
  readonly entries?: readonly MenuEntry[]
  /** Of a line that has an action or entries; true where left out. */
  readonly isEnabled?: boolean
  /** Makes it a check box. */
  readonly isChecked?: boolean
}
