import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DesktopShare, DesktopState, ListeningPort } from '@private-connect/ui/desktop'
import { vi } from 'vitest'
import { createDesktop } from '../../src/main/desktop/create-desktop.ts'
import type { Desktop, DesktopPorts, HubEvent } from '../../src/main/desktop/desktop.ts'
import { openSecretVault } from '../../src/main/storage/secret-vault.ts'
import { openSettingsFile } from '../../src/main/storage/settings-file.ts'
import { createKeyringDouble } from './keyring-double.ts'

export interface TestDesktop {
  readonly desktop: Desktop
  readonly folder: string
  readonly clipboard: string[]
  readonly opened: string[]
  readonly notified: DesktopShare[]
  readonly events: HubEvent[]
  readonly warnings: string[]
  /** What `listListeningPorts` answers. */
  readonly listening: ListeningPort[]
  /** Resolves with the first state that fits. */
  until(fits: (state: DesktopState) => boolean, timeoutMs?: number): Promise<DesktopState>
  /** All that is on the disk, as one text. */
  readDisk(): Promise<string>
  /** Ends this run of the app and begins another one in the same folder. */
  restart(): Promise<TestDesktop>
  remove(): Promise<void>
}

export interface TestDesktopOptions {
  readonly hubUrl: string
  readonly folder?: string
  readonly keyring?: 'safe' | 'none'
  readonly nowMs?: () => number
  readonly fetch?: typeof globalThis.fetch
}

/** The app's core with a hub of its own over plain fetch; only the system around it is played. */
export async function startTestDesktop(options: TestDesktopOptions): Promise<TestDesktop> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'pc-desktop-core-')))
  const settings = await openSettingsFile(join(folder, 'app', 'settings.json'))
  await settings.save({ ...settings.current(), hubUrl: options.hubUrl })
  const vault = await openSecretVault({
    file: join(folder, 'app', 'secrets.json'),
    keyring: createKeyringDouble(options.keyring ?? 'safe'),
  })
  const seen = {
    clipboard: [] as string[],
    opened: [] as string[],
    notified: [] as DesktopShare[],
    events: [] as HubEvent[],
    warnings: [] as string[],
    listening: [] as ListeningPort[],
  }
  const ports: DesktopPorts = {
    fetch: options.fetch ?? globalThis.fetch,
    resolveProxy: async () => undefined,
    openExternal: async (url) => void seen.opened.push(url),
    writeClipboard: (text) => void seen.clipboard.push(text),
    listListeningPorts: async () => seen.listening,
    notifyShared: (share) => void seen.notified.push(share),
    settings,
    vault,
    hostName: 'test-host.example',
    appVersion: '0.1.0',
    nowMs: options.nowMs ?? Date.now,
    log: {
      info: () => undefined,
      warn: (message, cause) =>
        void seen.warnings.push(cause instanceof Error ? `${message} ${cause.message}` : message),
    },
  }
  const desktop = createDesktop(ports)
  desktop.onEvent((event) => void seen.events.push(event))
  return {
    desktop,
    folder,
    ...seen,
    until: async (fits, timeout = 30_000) =>
      vi.waitFor(
        () => {
          const state = desktop.state.get()
          if (!fits(state)) throw new Error(`The state is ${JSON.stringify(state)}`)
          return state
        },
        { timeout, interval: 5 },
      ),
    readDisk: async () => readFolder(folder),
    async restart() {
      await desktop.close()
      return startTestDesktop({ ...options, folder })
    },
    async remove() {
      await desktop.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function readFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const texts = await Promise.all(
    files.map(async (file) => readFile(join(file.parentPath, file.name), 'utf8')),
  )
  return texts.join('\n')
}
