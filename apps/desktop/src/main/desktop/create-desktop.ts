import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Event } from '@private-connect/api/contracts'
import { Failure, parseHubUrl } from '@private-connect/sharing'
import { createAccount, type Account } from './account.ts'
import { checkHub } from './check-hub.ts'
import type { Desktop, DesktopPorts } from './desktop.ts'
import { createPortActions } from './port-actions.ts'
import { createPreferences, type Preferences } from './preferences.ts'
import { createShareLinks, type ShareLinks } from './share-links.ts'
import { signedOut } from './signed-out.ts'
import { createStateStore, type StateStore } from './state-store.ts'
import { authorizationOf, createStoredRecords } from './stored-records.ts'

interface Parts {
  readonly ports: DesktopPorts
  readonly store: StateStore
  readonly account: Account
  readonly preferences: Preferences
  readonly links: ShareLinks
}

/** The app but its windows, menus and notifications. Begins at once with what the last run left. */
export function createDesktop(ports: DesktopPorts): Desktop {
  const { settings, vault } = ports
  const store = createStateStore({
    ...signedOut(),
    settings: settings.current(),
    secretStorage: vault.storage,
    hasKeyring: vault.hasKeyring,
  })
  const records = createStoredRecords(vault)
  const links = createShareLinks(records.links)
  const listeners = new Set<(event: Event) => void>()
  const onEvent = (event: Event): void => listeners.forEach((listener) => listener(event))
  const account = createAccount({ ports, store, records, links, onEvent })
  const parts: Parts = { ports, store, account, links, preferences: createPreferences(ports, store) }
  return {
    state: { get: () => store.get(), subscribe: (listener) => store.subscribe(listener) },
    ...createPortActions(parts),
    ...createLinkActions(parts),
    ...createAccountActions(parts),
    ...createLifecycle(parts),
    changeSettings: async (patch) => parts.preferences.changeSettings(patch),
    snooze: async (minutes) => parts.preferences.snooze(minutes),
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function createLinkActions({
  ports,
  account,
  links,
}: Parts): Pick<Desktop, 'copyLink' | 'openLink' | 'keepLink'> {
  const linkOf = (shareId: string): string => {
    const link = links.find(shareId)
    if (link !== null) return link
    throw new Failure(
      'failed',
      'This machine does not have the link: it is shown only once, when it is made.',
    )
  }
  return {
    copyLink: (shareId) => ports.writeClipboard(linkOf(shareId)),
    openLink: async (shareId) => ports.openExternal(linkOf(shareId)),
    async keepLink(shareId, url) {
      await links.keep(shareId, url)
      account.current()?.shares.relink()
    },
  }
}

function createAccountActions({
  ports,
  store,
  account,
  preferences,
}: Parts): Pick<
  Desktop,
  | 'signIn'
  | 'openSignInPage'
  | 'cancelSignIn'
  | 'signInWithKey'
  | 'signOut'
  | 'changeHub'
  | 'chooseSecretStorage'
> {
  return {
    async signIn() {
      if (account.current() === null) await account.signIn.start()
    },
    openSignInPage: async () => account.signIn.openPage(),
    cancelSignIn: () => account.signIn.cancel(),
    signInWithKey: async (apiKey) => account.signInWithKey(apiKey),
    signOut: async () => account.signOut(),
    async changeHub(text) {
      const hubUrl = parseHubUrl(text.trim())
      if (hubUrl === store.get().settings.hubUrl) return
      await checkHub(hubUrl, ports.fetch)
      await account.signOut()
      await preferences.save({ hubUrl })
    },
    async chooseSecretStorage(kind) {
      await ports.vault.choose(kind)
      store.update({ secretStorage: ports.vault.storage })
    },
  }
}

function createLifecycle({
  account,
  preferences,
}: Parts): Pick<Desktop, 'credential' | 'suspend' | 'resume' | 'close'> {
  return {
    credential() {
      const session = account.current()?.session
      if (session === undefined) return null
      return { hubUrl: session.hubUrl, authorization: authorizationOf(session) }
    },
    suspend: () => account.current()?.suspend(),
    resume: () => account.current()?.resume(),
    async close() {
      account.signIn.cancel()
      preferences.close()
      account.current()?.close()
      // The farewell is in the system's hands after a turn.
      await nextTurn()
      await nextTurn()
    },
  }
}
