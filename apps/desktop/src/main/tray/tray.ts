import type { DesktopState, ListeningPort } from '@private-connect/ui/desktop'
import { Menu, nativeTheme, Tray } from 'electron'
import type { Desktop } from '../desktop/desktop.ts'
import { toElectronMenu } from './electron-menu.ts'
import type { MenuAction, MenuEntry } from './menu-entry.ts'
import { MenuKeeper } from './menu-keeper.ts'
import { menuTemplate } from './menu-template.ts'
import { performAction, type ActionPorts } from './perform-action.ts'
import { writeStatus } from './status-entries.ts'
import { selectGround } from './tray-ground.ts'
import { createTrayIcon } from './tray-icon.ts'

export interface TrayOptions extends Omit<ActionPorts, 'desktop'> {
  readonly desktop: ActionPorts['desktop'] & Pick<Desktop, 'state' | 'listPorts'>
  /** Told when the listening ports have changed. */
  readonly onPortsChange: (listener: () => void) => () => void
  readonly toggleWindow: () => void
  /** `XDG_CURRENT_DESKTOP` */
  readonly currentDesktop: string
  /** What a click asked for did not work; the person should know. */
  readonly tellFailure: (cause: unknown) => void
  readonly logError: (message: string, cause: unknown) => void
}

/** Shows the tray icon and keeps its menu fresh; answers how to take it away. */
export function openTray(options: TrayOptions): () => void {
  const { desktop, nowMs, tellFailure } = options
  const tray = new Tray(createTrayIcon('offline', groundOf(options)))
  let ports: readonly ListeningPort[] = []

  const keeper = new MenuKeeper({
    build: () => menuTemplate({ state: desktop.state.get(), ports, nowMs: nowMs() }),
    // Linux tells of submenus that they are opened, and of nothing that it is closed.
    readingMs: process.platform === 'linux' ? 10_000 : 600_000,
    replace: (entries) => tray.setContextMenu(buildMenu(entries, choose, keeper)),
  })
  const readPorts = () => {
    // Nobody could share one, and the menu does not show them.
    if (desktop.state.get().account.kind !== 'signed-in') return
    desktop
      .listPorts()
      .then((found) => {
        ports = found
        return keeper.changed()
      })
      .catch((cause: unknown) => options.logError('The ports for the menu could not be read', cause))
  }
  function choose(action: MenuAction): void {
    keeper.chosen()
    performAction(options, action).catch(tellFailure)
  }

  const showIcon = statusShower(tray, options)
  const stops = [
    desktop.state.subscribe(
      followState(desktop.state.get(), { readPorts, changed: () => keeper.changed(), showIcon }),
    ),
    options.onPortsChange(readPorts),
  ]
  nativeTheme.on('updated', showIcon)
  // There a click opens the menu, and is told all the same.
  if (process.platform !== 'darwin') tray.on('click', options.toggleWindow)
  // macOS and Windows: the menu is about to be opened.
  tray.on('mouse-enter', readPorts)
  showIcon()
  keeper.show()
  readPorts()
  return () => {
    for (const stop of stops) stop()
    nativeTheme.off('updated', showIcon)
    keeper.close()
    tray.destroy()
  }
}

interface StateFollower {
  readonly readPorts: () => void
  readonly changed: () => void
  readonly showIcon: () => void
}

/** Which ports are offered depends on settings; all else is in the state. */
function followState(first: DesktopState, follower: StateFollower): (state: DesktopState) => void {
  let before = first
  return (state) => {
    const { ignoredProcesses, hubUrl } = before.settings
    const isSame =
      state.settings.ignoredProcesses === ignoredProcesses &&
      state.settings.hubUrl === hubUrl &&
      state.account.kind === before.account.kind
    before = state
    follower.showIcon()
    follower.changed()
    if (!isSame) follower.readPorts()
  }
}

function buildMenu(
  entries: readonly MenuEntry[],
  choose: (action: MenuAction) => void,
  keeper: Pick<MenuKeeper, 'opened' | 'closed'>,
): Menu {
  const menu = Menu.buildFromTemplate(toElectronMenu(entries, choose))
  for (const part of withSubmenus(menu)) part.on('menu-will-show', () => keeper.opened())
  menu.on('menu-will-close', () => keeper.closed())
  return menu
}

function withSubmenus(menu: Menu): readonly Menu[] {
  return [menu, ...menu.items.flatMap(({ submenu }) => (submenu ? withSubmenus(submenu) : []))]
}

/** Answers what to call when the status may have changed: each icon goes over the bus. */
function statusShower(tray: Tray, options: TrayOptions): () => void {
  let shown = ''
  return () => {
    const state = options.desktop.state.get()
    const ground = groundOf(options)
    const toolTip = `Private Connect: ${writeStatus(state)}`
    const next = `${state.connection} ${ground} ${toolTip}`
    if (next === shown) return
    shown = next
    tray.setImage(createTrayIcon(state.connection, ground))
    tray.setToolTip(toolTip)
  }
}

function groundOf({ currentDesktop }: TrayOptions) {
  return selectGround({ platform: process.platform, currentDesktop, isDark: isTrayDark() })
}

/** Windows has a theme of its own for its bar, which older versions of Electron do not tell. */
function isTrayDark(): boolean {
  const isTold = 'shouldUseDarkColorsForSystemIntegratedUI' in nativeTheme
  return isTold && process.platform === 'win32'
    ? nativeTheme.shouldUseDarkColorsForSystemIntegratedUI
    : nativeTheme.shouldUseDarkColors
}
