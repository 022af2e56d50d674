/** What the tray icon tells, each by a shape of its own, since a template image has no colours. */
export const trayStatuses = ['offline', 'connecting', 'connected', 'sharing'] as const
type TrayStatus = (typeof trayStatuses)[number]

/** The ground that an icon is for. macOS paints a `template` itself, for any ground. */
export const trayGrounds = ['template', 'on-dark', 'on-light'] as const
type TrayGround = (typeof trayGrounds)[number]

const inks = {
  template: { ink: '#000000', live: '#000000' },
  'on-dark': { ink: '#f4f7fa', live: '#4cd38a' },
  'on-light': { ink: '#1c2530', live: '#128a4a' },
} as const

/** Two ends and the link between them, as in the app's icon. */
export function trayIconSvg(status: TrayStatus, ground: TrayGround): string {
  const { ink, live } = inks[ground]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="${ink}" stroke-width="1.7" stroke-linecap="round">${shapes[status](ink, live)}</svg>`
}

const shapes: Readonly<Record<TrayStatus, (ink: string, live: string) => string>> = {
  // No link; pale.
  offline: () =>
    `<g opacity="0.6"><circle cx="3.9" cy="12.1" r="2.6"/><circle cx="12.1" cy="3.9" r="2.6"/></g>`,
  // A dot on its way.
  connecting: (ink) =>
    `<circle cx="3.9" cy="12.1" r="2.6"/><circle cx="12.1" cy="3.9" r="2.6"/><circle cx="8" cy="8" r="1.2" fill="${ink}" stroke="none"/>`,
  connected: () =>
    `<circle cx="3.9" cy="12.1" r="2.6"/><circle cx="12.1" cy="3.9" r="2.6"/><path d="M6.1 9.9 9.9 6.1"/>`,
  // Full ends, the far one sending.
  sharing: (ink, live) =>
    `<path d="M4 12 9 7"/><circle cx="3.6" cy="12.4" r="3" fill="${ink}" stroke="none"/>` +
    `<circle cx="9" cy="7" r="3" fill="${live}" stroke="none"/>` +
    `<path stroke="${live}" d="M9.6 1.6A5.4 5.4 0 0 1 14.4 6.4"/>`,
}
