import type { DesktopOutput } from '@private-connect/ui/desktop'
import type { Desktop } from '../desktop/desktop.ts'
import type { IpcHandlers } from './answer-ipc.ts'

interface WindowPorts {
  readonly desktop: Desktop
  readonly appInfo: DesktopOutput<'app:info'>
  readonly writeClipboard: (text: string) => void
}

/** What each channel of the contract does. */
export function createIpcHandlers({ desktop, appInfo, writeClipboard }: WindowPorts): IpcHandlers {
  return {
    'app:info': () => appInfo,
    'desktop:state': () => desktop.state.get(),
    'account:sign-in': () => finish(desktop.signIn()),
    'account:open-page': () => finish(desktop.openSignInPage()),
    'account:cancel-sign-in': () => desktop.cancelSignIn() as undefined,
    'account:sign-in-with-key': ({ apiKey }) => finish(desktop.signInWithKey(apiKey)),
    'account:sign-out': () => finish(desktop.signOut()),
    'hub:change': ({ hubUrl }) => finish(desktop.changeHub(hubUrl)),
    'secrets:choose': ({ storage }) => finish(desktop.chooseSecretStorage(storage)),
    'settings:change': (patch) => finish(desktop.changeSettings(patch)),
    'notifications:snooze': ({ minutes }) => finish(desktop.snooze(minutes)),
    'ports:list': async () => [...(await desktop.listPorts())],
    'ports:share': (input) => desktop.sharePort(input),
    'shares:copy-link': ({ shareId }) => desktop.copyLink(shareId) as undefined,
    'shares:open-link': ({ shareId }) => finish(desktop.openLink(shareId)),
    'shares:extend': ({ shareId, by }) => finish(desktop.extendShare(shareId, by)),
    'shares:revoke': ({ shareId }) => finish(desktop.revokeShare(shareId)),
    'shares:keep-link': ({ shareId, url }) => finish(desktop.keepLink(shareId, url)),
    'clipboard:write': ({ text }) => writeClipboard(text) as undefined,
  }
}

/** The contract lets nothing through where there is nothing to answer. */
async function finish(action: Promise<void>): Promise<undefined> {
  await action
  return undefined
}
