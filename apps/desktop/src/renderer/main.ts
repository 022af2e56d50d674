import type { DesktopBridge } from '@private-connect/ui/desktop'
import { showApp } from '@private-connect/ui/app'

declare global {
  interface Window {
    /** Put there by the preload script. */
    readonly privateConnect: DesktopBridge
  }
}

showApp(window.privateConnect)
