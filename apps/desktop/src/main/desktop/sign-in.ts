import { Failure, HubRefusal, toFailure, type DeviceToken } from '@private-connect/sharing'
import type { DesktopPorts } from './desktop.ts'
import { startDeviceFlow, type DeviceFlow } from './device-flow.ts'
import { signedOut } from './signed-out.ts'
import type { StateStore } from './state-store.ts'
import type { Session } from './stored-records.ts'

export interface SignInOptions {
  readonly ports: DesktopPorts
  readonly store: StateStore
  readonly onSignedIn: (session: Session) => void
}

/** The sign-in through the browser. */
export interface SignIn {
  start(): Promise<void>
  /** Opens the page once more. */
  openPage(): Promise<void>
  cancel(): void
}

export function createSignIn({ ports, store, onSignedIn }: SignInOptions): SignIn {
  let flow: DeviceFlow | null = null
  let starting: Promise<void> | null = null

  const openPage = async (): Promise<void> => {
    if (flow === null) throw new Failure('usage', 'No sign-in is under way.')
    await ports.openExternal(flow.code.verificationUriComplete)
  }
  const begin = async (): Promise<void> => {
    const { hubUrl } = store.get().settings
    const started = await startDeviceFlow({ hubUrl, fetch: ports.fetch, hostName: ports.hostName })
    // Another hub was chosen while this one was asked.
    if (hubUrl !== store.get().settings.hubUrl) return started.cancel()
    flow = started
    const { userCode, verificationUriComplete, expiresIn } = started.code
    store.update({
      account: {
        kind: 'signing-in',
        userCode,
        verificationUrl: verificationUriComplete,
        expiresAtMs: ports.nowMs() + expiresIn * 1000,
      },
      trouble: null,
    })
    const settle = (show: () => void): void => {
      if (flow !== started) return
      flow = null
      show()
    }
    started.token.then(
      (token) => settle(() => token !== null && onSignedIn(toSession(hubUrl, token))),
      (cause: unknown) => settle(() => store.update(describeEnd(cause))),
    )
    await openPage()
  }
  return {
    openPage,
    async start() {
      if (flow !== null) return openPage()
      starting ??= begin().finally(() => (starting = null))
      return starting
    },
    cancel() {
      flow?.cancel()
      flow = null
      if (store.get().account.kind === 'signing-in') store.update(signedOut())
    },
  }
}

function toSession(hubUrl: string, { token, user, workspace }: DeviceToken): Session {
  return { hubUrl, kind: 'session', value: token, email: user.email, workspaceName: workspace.name }
}

function describeEnd(cause: unknown) {
  const reason = cause instanceof Failure && cause.cause instanceof HubRefusal ? cause.cause.code : ''
  if (reason === 'device.denied') return signedOut('denied')
  if (reason === 'device.code_expired') return signedOut('expired')
  return { ...signedOut(), trouble: toFailure(cause).message }
}
