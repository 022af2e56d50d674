import { Failure } from '@private-connect/sharing'
import type { DesktopShare, DesktopState, ListeningPort } from '@private-connect/ui/desktop'
import type { Desktop, HubAccess } from '../../src/main/desktop/desktop.ts'

/** A desktop that does what it is told by a test, and writes down what the window asked of it. */
export interface DesktopDouble extends Desktop {
  readonly calls: Array<readonly [name: string, ...input: unknown[]]>
  /** What the next call of that name is refused with. */
  readonly refusals: Map<string, string>
  ports: ListeningPort[]
  access: HubAccess | null
  /** Changes the state as the real one would by itself. */
  change(patch: Partial<DesktopState>): void
}

const hourMs = 3_600_000

export const signedIn = {
  kind: 'signed-in' as const,
  email: 'ada@example.com',
  workspaceName: 'Analytical Engines',
}

const firstState: DesktopState = {
  connection: 'offline',
  trouble: null,
  account: { kind: 'signed-out' },
  shares: [],
  settings: {
    hubUrl: 'http://127.0.0.1:7300',
    startsAtLogin: false,
    notifies: true,
    snoozedUntilMs: null,
    defaultExpiry: '24h',
    ignoredProcesses: [],
  },
  secretStorage: 'keyring',
  hasKeyring: true,
}

export function createDesktopDouble(): DesktopDouble {
  const listeners = new Set<(state: DesktopState) => void>()
  const calls: DesktopDouble['calls'] = []
  const refusals: DesktopDouble['refusals'] = new Map()
  let state = firstState
  const change = (patch: Partial<DesktopState>): void => {
    state = { ...state, ...patch }
    for (const listener of listeners) listener(state)
  }
  const noted = (name: string, ...input: unknown[]): void => {
    calls.push([name, ...input])
    const refusal = refusals.get(name)
    refusals.delete(name)
    if (refusal !== undefined) throw new Failure('failed', refusal)
  }
  const changeSettings = (patch: Partial<DesktopState['settings']>): void =>
    change({ settings: { ...state.settings, ...patch } })
  const without = (id: string): DesktopShare[] => state.shares.filter((share) => share.id !== id)

  const double: DesktopDouble = {
    calls,
    refusals,
    ports: [],
    access: null,
    change,
    state: {
      get: () => state,
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    async listPorts() {
      noted('listPorts')
      return double.ports.filter(
        ({ processName }) => !state.settings.ignoredProcesses.includes(processName ?? ''),
      )
    },
    async sharePort(input) {
      noted('sharePort', input)
      const { port, host, name = `port-${port}` } = input
      const id = `share_${port}${state.shares.length}`
      const url = `http://share-tok-${'ab'.repeat(13)}.hub.example.com/`
      const expiresAtMs = input.expiresIn === 'never' ? null : Date.now() + 24 * hourMs
      const share = { id, name, url, targetHost: host, targetPort: port, expiresAtMs, visitorCount: 0 }
      change({ connection: 'sharing', shares: [share, ...state.shares] })
      return share
    },
    async revokeShare(shareId) {
      noted('revokeShare', shareId)
      change({ shares: without(shareId) })
    },
    async extendShare(shareId, by) {
      noted('extendShare', shareId, by)
    },
    copyLink: (shareId) => noted('copyLink', shareId),
    openLink: async (shareId) => noted('openLink', shareId),
    keepLink: async (shareId, url) => noted('keepLink', shareId, url),
    async signIn() {
      noted('signIn')
      const userCode = 'WDJB-MJHT'
      const verificationUrl = `${state.settings.hubUrl}/device?code=${userCode}`
      change({
        account: { kind: 'signing-in', userCode, verificationUrl, expiresAtMs: Date.now() + hourMs / 6 },
      })
    },
    openSignInPage: async () => noted('openSignInPage'),
    cancelSignIn() {
      noted('cancelSignIn')
      change({ account: { kind: 'signed-out' } })
    },
    async signInWithKey(apiKey) {
      noted('signInWithKey', apiKey)
      change({ account: { ...signedIn, email: null } })
    },
    async signOut() {
      noted('signOut')
      change({ account: { kind: 'signed-out' }, shares: [], connection: 'offline' })
    },
    async changeHub(hubUrl) {
      noted('changeHub', hubUrl)
      changeSettings({ hubUrl })
    },
    async chooseSecretStorage(kind) {
      noted('chooseSecretStorage', kind)
      change({ secretStorage: kind })
    },
    async changeSettings(patch) {
      noted('changeSettings', patch)
      changeSettings(patch as Partial<DesktopState['settings']>)
    },
    async snooze(minutes) {
      noted('snooze', minutes)
      changeSettings({ snoozedUntilMs: minutes === null ? null : Date.now() + minutes * 60_000 })
    },
    onEvent: () => () => undefined,
    credential: () => double.access,
    suspend: () => noted('suspend'),
    resume: () => noted('resume'),
    close: async () => undefined,
  }
  return double
}
