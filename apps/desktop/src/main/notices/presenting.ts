import { runProgram, type RunProgram } from '../ports/run-program.ts'

export interface PresentingOptions {
  readonly platform: NodeJS.Platform
  /** Whether the session's screen is one of X11. */
  readonly hasX11: boolean
  /** Whether the screen is locked. */
  readonly isLocked: () => boolean
  readonly run?: RunProgram
}

/**
 * Whether a notification would disturb, as far as it can be known. macOS, Windows, GNOME and KDE keep notifications back by themselves
 * in their quiet modes, in full screen or while the screen is mirrored. Other desktops do not, and on X11 they can be asked.
 */
export async function isPresenting({
  platform,
  hasX11,
  isLocked,
  run = runProgram,
}: PresentingOptions): Promise<boolean> {
  if (isLocked()) return true
  if (platform !== 'linux' || !hasX11) return false
  const active = parseActiveWindow(await run('/usr/bin/xprop', ['-root', '_NET_ACTIVE_WINDOW']))
  if (active === null) return false
  return isFullScreen(await run('/usr/bin/xprop', ['-id', active, '_NET_WM_STATE']))
}

/** Reads `_NET_ACTIVE_WINDOW(WINDOW): window id # 0x1400003`; null where no window is active. */
export function parseActiveWindow(text: string): string | null {
  const id = /window id # (0x[\da-f]{1,8})\b/.exec(text)?.[1]
  return id === undefined || Number(id) === 0 ? null : id
}

function isFullScreen(text: string): boolean {
  return /\b_NET_WM_STATE_FULLSCREEN\b/.test(text)
}
