import type { Listener } from './listener.ts'

/** What nobody wants to share: parts of the system, and helpers that programs run for themselves. */
const processes: readonly RegExp[] = [
  // Linux
  /^(cupsd|cups-browsed|systemd|systemd-resolve|systemd-resolved|rpcbind|rpc\.statd|dnsmasq|avahi-daemon|chronyd)$/,
  /^(exim4|kdeconnectd|gvfsd|gnome-remote-de|containerd|dockerd|tailscaled|snapd|xrdp(-sesman)?|x11vnc)$/,
  // macOS
  /^(rapportd|sharingd|controlcenter|controlce|airplayxpchelper|launchd|identityservicesd|remoted|mdnsresponder)$/,
  // Windows
  /^(system|svchost|lsass|services|spoolsv|wininit|searchindexer|jhi_service|vmms|vmware-.*)$/,
  // Editors, browsers, chats
  /^(code( helper.*)?|code-.*|cursor( helper.*)?|codium|zed.*|jetbrains.*|idea(64)?|pycharm(64)?|webstorm(64)?|goland(64)?)$/,
  /^(google chrome.*|chrome|chromium|chromedriver|geckodriver|firefox.*|msedge|safari|spotify|dropbox|slack|discord|steam)$/,
  /^(adobe.*|logioptionsplus_agent|creative cloud.*|onedrive|teams|ms-teams|language_server.*|gopls|rust-analyzer)$/,
]

/** Where the owner is not named. */
const ports: ReadonlySet<number> = new Set([
  25, 53, 88, 111, 135, 137, 138, 139, 445, 631, 5040, 5353, 5355, 5357, 5985, 7680, 17_500, 47_001,
])

/** Windows' own services take these when the system starts. */
const windowsServicePorts = { from: 49_664, to: 49_680 }

export function isNoise({ port, processName, commandLine }: Listener): boolean {
  const name = (processName ?? '').toLowerCase()
  if (ports.has(port) || processes.some((pattern) => pattern.test(name))) return true
  if (isDebugger(port, commandLine)) return true
  return name === '' && port >= windowsServicePorts.from && port <= windowsServicePorts.to
}

/** As good as a shell for whoever reaches it. */
function isDebugger(port: number, commandLine: string): boolean {
  if (port === 9229) return true
  const option = /--(?:remote-debugging-port|inspect(?:-brk|-wait)?)[= ](?:\S*:)?(\d+)/.exec(commandLine)
  return option !== null && Number(option[1]) === port
}
