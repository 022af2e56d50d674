import { hostname } from 'node:os'
import { join } from 'node:path'
import { app, clipboard, net, safeStorage, session } from 'electron'
import { createDesktop } from './desktop/create-desktop.ts'
import type { Desktop, DesktopLog, DesktopPorts } from './desktop/desktop.ts'
import { readProxyRule } from './network/read-proxy-rule.ts'
import type { Shell } from './shell.ts'
import { openSecretVault } from './storage/secret-vault.ts'
import { openSettingsFile } from './storage/settings-file.ts'
import { createSystemKeyring } from './storage/system-keyring.ts'

/** The system's proxy and certificates. A handler of the app's own scheme must not be asked for the hub's addresses. */
export const fetchBySystem = (async (input: string, init?: RequestInit) =>
  net.fetch(input, { ...init, bypassCustomProtocolHandlers: true })) as typeof globalThis.fetch

/** The desktop with the system that Electron shows. Once the app is ready. */
export async function openDesktop(shell: Pick<Shell, 'ports'>, log: DesktopLog): Promise<Desktop> {
  const dataFile = (name: string): string => join(app.getPath('userData'), name)
  const keyring = createSystemKeyring(safeStorage)
  const ports: DesktopPorts = {
    ...shell.ports,
    fetch: fetchBySystem,
    resolveProxy: async (url) => readProxyRule(await session.defaultSession.resolveProxy(url)),
    writeClipboard: (text) => void clipboard.writeText(text),
    settings: await openSettingsFile(dataFile('settings.json')),
    vault: await openSecretVault({ file: dataFile('secrets.json'), keyring }),
    hostName: hostname(),
    appVersion: app.getVersion(),
    nowMs: Date.now,
    log,
  }
  return createDesktop(ports)
}
