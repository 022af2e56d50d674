/** What an icon is painted on; macOS paints a `template` itself. */
export type TrayGround = 'template' | 'on-dark' | 'on-light'

/** Desktops whose bar is dark whatever the theme. */
const darkBars = /\b(gnome|unity|ubuntu|pop|budgie)\b/i

export interface GroundInput {
  readonly platform: NodeJS.Platform
  /** `XDG_CURRENT_DESKTOP`, such as `ubuntu:GNOME`. */
  readonly currentDesktop: string
  readonly isDark: boolean
}

export function selectGround({ platform, currentDesktop, isDark }: GroundInput): TrayGround {
  if (platform === 'darwin') return 'template'
  if (platform === 'linux' && darkBars.test(currentDesktop)) return 'on-dark'
  return isDark ? 'on-dark' : 'on-light'
}
