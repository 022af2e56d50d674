import { Failure } from '@private-connect/sharing'
import { createHubApi } from './hub-api.ts'
import { createSignIn, type SignIn } from './sign-in.ts'
import { signedOut } from './signed-out.ts'
import { authorizationOf, type Session } from './stored-records.ts'
import { openWorkspace, type Workspace } from './workspace.ts'
import type { WorkspaceOptions } from './workspace-parts.ts'

export type AccountOptions = Omit<WorkspaceOptions, 'session' | 'onSessionEnded'>

/** Who is signed in, and the workspace that is open for them. */
export interface Account {
  readonly signIn: SignIn
  /** Null while nobody is signed in. */
  current(): Workspace | null
  /** Throws a Failure while nobody is signed in. */
  workspace(): Workspace
  signInWithKey(apiKey: string): Promise<void>
  /** Removes every secret from this machine, whether or not the hub can be told. */
  signOut(): Promise<void>
}

/** Signs in again whoever was signed in when the app ended. */
export function createAccount(options: AccountOptions): Account {
  const { ports, store, records } = options
  let workspace: Workspace | null = null
  let signOuts = 0

  const endSession = (): void => {
    workspace?.close()
    workspace = null
    store.update(signedOut('session-ended'))
    keep(options, null)
  }
  const open = (session: Session): void => {
    workspace?.close()
    store.update(signedIn(session))
    workspace = openWorkspace({ ...options, session, onSessionEnded: endSession })
  }
  const enter = (session: Session): void => {
    keep(options, session)
    open(session)
  }
  const signIn = createSignIn({ ports, store, onSignedIn: enter })
  const stored = records.session.read()
  if (stored?.hubUrl === store.get().settings.hubUrl) open(stored)
  return {
    signIn,
    current: () => workspace,
    workspace: () => workspace ?? refuseStranger(),
    async signInWithKey(apiKey) {
      const asked = signOuts
      const session = await checkKey(store.get().settings.hubUrl, apiKey.trim(), ports.fetch)
      // Choosing another hub signs out too.
      if (asked !== signOuts) throw new Failure('usage', 'You signed out meanwhile. Sign in again.')
      signIn.cancel()
      enter(session)
    },
    async signOut() {
      signOuts += 1
      signIn.cancel()
      const left = workspace
      workspace = null
      left?.close()
      store.update(signedOut())
      await Promise.all([ports.vault.clear(), left?.leave()])
    },
  }
}

function signedIn({ email, workspaceName }: Session) {
  return {
    account: { kind: 'signed-in', email, workspaceName },
    connection: 'connecting',
    trouble: null,
  } as const
}

function refuseStranger(): never {
  throw new Failure('credentialsRefused', 'Sign in first.')
}

function keep({ records, ports }: AccountOptions, session: Session | null): void {
  records.session
    .write(session)
    .catch((cause: unknown) => ports.log.warn('The sign-in could not be written down.', cause))
}

async function checkKey(hubUrl: string, value: string, fetch: typeof globalThis.fetch): Promise<Session> {
  // What is no header value would fail later in words that repeat the key.
  if (!/^[\x21-\x7e]{1,256}$/.test(value)) {
    throw new Failure('credentialsRefused', 'The API key has characters that no key has.')
  }
  const key = { hubUrl, kind: 'api_key', value, email: null, workspaceName: '' } as const
  const api = createHubApi({ hubUrl, fetch, authorization: authorizationOf(key) })
  const { user, workspace } = await api.call(async ({ auth }) => auth.me.query({}))
  return { ...key, email: user?.email ?? null, workspaceName: workspace.name }
}
