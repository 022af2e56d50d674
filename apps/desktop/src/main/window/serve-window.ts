import type { IpcMain, Protocol, Session } from 'electron'
import type { DesktopOutput } from '@private-connect/ui/desktop'
import type { Desktop, DesktopLog, DesktopPorts } from '../desktop/desktop.ts'
import { appOrigin, builtFiles, developmentFiles, serveApp } from './app-protocol.ts'
import { apiPath, forwardApi } from './forward-api.ts'
import { createIpcHandlers } from './ipc-handlers.ts'
import { denyPermissions, guardApi } from './lock-down.ts'
import { registerIpc } from './register-ipc.ts'

interface ElectronParts {
  readonly ipcMain: Pick<IpcMain, 'handle'>
  readonly protocol: Pick<Protocol, 'handle'>
  readonly session: Session
}

export interface ServeWindowPorts extends Pick<DesktopPorts, 'fetch' | 'writeClipboard'> {
  readonly desktop: Desktop
  readonly appInfo: DesktopOutput<'app:info'>
  readonly rendererDir: string
  /** Where `npm run dev` serves the window's files; undefined serves the built ones. */
  readonly developmentUrl: string | undefined
  readonly log: DesktopLog
}

/** Answers everything that a window asks for: files, calls of the hub, and calls of the app. Once, when the app is ready. */
export function serveWindow({ ipcMain, protocol, session }: ElectronParts, ports: ServeWindowPorts): void {
  const { desktop, fetch, log, developmentUrl } = ports
  denyPermissions(session)
  guardApi(session, { origin: appOrigin, path: apiPath })
  serveApp(protocol, {
    api: (request) => forwardApi({ fetch, credential: () => desktop.credential(), log }, request),
    files:
      developmentUrl === undefined ? builtFiles(ports.rendererDir) : developmentFiles(developmentUrl, fetch),
  })
  registerIpc(ipcMain, {
    trustedOrigin: appOrigin,
    handlers: createIpcHandlers(ports),
    logError: (message, cause) => log.warn(message, cause),
  })
}
