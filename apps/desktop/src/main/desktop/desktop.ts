import type { Event } from '@private-connect/api/contracts'
import type { DesktopInput, DesktopShare, DesktopState, ListeningPort } from '@private-connect/ui/desktop'
import type { SecretVault } from '../storage/secret-vault.ts'
import type { SettingsFile } from '../storage/settings-file.ts'

export type { Event as HubEvent } from '@private-connect/api/contracts'

/** How long from now a share lives once it was extended. */
export type Extension = DesktopInput<'shares:extend'>['by']

/** The whole app but its windows, menus and notifications. What fails rejects with a Failure, whose words are for a person. */
export interface Desktop {
  readonly state: {
    get(): DesktopState
    /** Called after every change; answers how to stop listening. */
    subscribe(listener: (state: DesktopState) => void): () => void
  }
  /** What listens on this machine and may be offered: without ignored processes, the hub and this app itself. */
  listPorts(): Promise<readonly ListeningPort[]>
  /** Registers the port, opens a share, keeps and copies its link, and tells so. */
  sharePort(input: DesktopInput<'ports:share'>): Promise<DesktopShare>
  revokeShare(shareId: string): Promise<void>
  extendShare(shareId: string, by: Extension): Promise<void>
  /** Throws a Failure where this machine does not have the link. */
  copyLink(shareId: string): void
  openLink(shareId: string): Promise<void>
  /** Keeps a link that the window was given by the hub. */
  keepLink(shareId: string, url: string): Promise<void>
  /** Opens the browser for the device flow; resolves once the page is open, the state tells how it goes on. */
  signIn(): Promise<void>
  /** Opens the page of the device flow once more. */
  openSignInPage(): Promise<void>
  cancelSignIn(): void
  signInWithKey(apiKey: string): Promise<void>
  signOut(): Promise<void>
  /** Signs out of the former hub where it is another one. */
  changeHub(hubUrl: string): Promise<void>
  chooseSecretStorage(kind: DesktopInput<'secrets:choose'>['storage']): Promise<void>
  changeSettings(patch: DesktopInput<'settings:change'>): Promise<void>
  /** Null ends a snooze. */
  snooze(minutes: number | null): Promise<void>
  /** Every event of the workspace, live, each once; answers how to stop listening. */
  onEvent(listener: (event: Event) => void): () => void
  /** For forwarding the window's calls only; null while signed out. */
  credential(): HubAccess | null
  /** The machine goes to sleep or loses its network: nothing is tried until `resume`. */
  suspend(): void
  /** It is back: everything reconnects at once. */
  resume(): void
  /** Tells the hub that this machine goes away, within a second. */
  close(): Promise<void>
}

export interface HubAccess {
  readonly hubUrl: string
  readonly authorization: Readonly<Record<string, string>>
}

/** What the app needs of the system around it. */
export interface DesktopPorts {
  /** Electron's `net.fetch`: the system's proxy and certificates. No cookies, no cache. */
  readonly fetch: typeof globalThis.fetch
  /** The HTTP proxy on the way to an address; undefined goes straight. */
  readonly resolveProxy: (url: string) => Promise<URL | undefined>
  /** Opens a page in the person's browser; refuses what is not on the list of external links. */
  readonly openExternal: (url: string) => Promise<void>
  readonly writeClipboard: (text: string) => void
  readonly listListeningPorts: () => Promise<readonly ListeningPort[]>
  /** Called for each share that was made with one click or by the window. */
  readonly notifyShared: (share: DesktopShare) => void
  readonly settings: SettingsFile
  readonly vault: SecretVault
  readonly hostName: string
  readonly appVersion: string
  readonly nowMs: () => number
  readonly log: DesktopLog
}

/** Never given a secret. */
export interface DesktopLog {
  info(message: string): void
  warn(message: string, cause?: unknown): void
}
