import { Brand } from '../../shell/brand.tsx'
import type { DesktopState } from '../desktop-contract.ts'
import { useOwnDesktop } from '../desktop-context.tsx'
import { About } from '../about.tsx'
import { HubAddress } from '../hub-address.tsx'
import { SecretStorageChoice } from '../secret-storage-choice.tsx'
import { DeviceCode } from './device-code.tsx'
import { WaysIn } from './ways-in.tsx'

type SignedOut = Extract<DesktopState['account'], { kind: 'signed-out' }>

const endings: Record<NonNullable<SignedOut['ended']>, string> = {
  denied: 'The page in the browser said no. This computer was not let in.',
  expired: 'Nobody confirmed the code in time. Begin anew for a fresh one.',
  'session-ended': 'The hub has ended this computer’s session. Sign in again to go on.',
}

/** What the window shows to whoever is not signed in. Also where the state says signed in and the hub says no. */
export function SignInPage() {
  const { account, settings, trouble } = useOwnDesktop().state
  if (account.kind === 'signing-in') {
    return (
      <main className="welcome sign-in">
        <Brand />
        <DeviceCode account={account} />
      </main>
    )
  }
  const ended = account.kind === 'signed-in' ? 'session-ended' : account.ended
  return (
    <main className="welcome sign-in">
      <Brand />
      <div>
        <h1>Sign in to your hub</h1>
        <p className="soft">The hub passes the links that you share on to this computer.</p>
      </div>
      {ended === undefined ? null : <output className="callout callout-late">{endings[ended]}</output>}
      {trouble === null ? null : (
        <p className="callout callout-bad" role="alert">
          {trouble}
        </p>
      )}
      <HubAddress hubUrl={settings.hubUrl} />
      <SecretStorageChoice />
      <WaysIn />
      <About />
    </main>
  )
}
