/** What the app takes from its environment. The only reader of it. */
export interface Env {
  /** `npm run dev` names the development server here; a packed app ignores it. */
  readonly developmentUrl: string | undefined
  /** The desktop's names, such as `ubuntu:GNOME`; empty elsewhere than on Linux. */
  readonly currentDesktop: string
  /** The D-Bus of the person's session; undefined where there is none. */
  readonly sessionBusAddress: string | undefined
  /** Whether programs can ask an X server; not so with Wayland, whose compositors answer for all windows with "nothing". */
  readonly hasX11: boolean
  /** Where the person's settings of other programs are; undefined for the usual place. */
  readonly configDir: string | undefined
  /** The AppImage that this app runs from; undefined elsewhere. */
  readonly appImage: string | undefined
  /** Windows' own folder. */
  readonly systemRoot: string
}

export function readEnv(isPackaged: boolean): Env {
  const runtimeDir = read('XDG_RUNTIME_DIR')
  const usualBus = runtimeDir === undefined ? undefined : `unix:path=${runtimeDir}/bus`
  return Object.freeze({
    developmentUrl: isPackaged ? undefined : read('ELECTRON_RENDERER_URL'),
    currentDesktop: read('XDG_CURRENT_DESKTOP') ?? '',
    sessionBusAddress: read('DBUS_SESSION_BUS_ADDRESS') ?? usualBus,
    hasX11: read('DISPLAY') !== undefined && read('WAYLAND_DISPLAY') === undefined,
    configDir: read('XDG_CONFIG_HOME'),
    appImage: read('APPIMAGE'),
    systemRoot: read('SystemRoot') ?? 'C:\\Windows',
  })
}

/** Empty counts as not set, as XDG's specification says. */
function read(name: string): string | undefined {
  const value = process.env[name]
  return value === '' ? undefined : value
}
