import { Choice } from '../../components/choice.tsx'
import { Toggle } from '../../components/toggle.tsx'
import { durations, isDuration } from '../../shares/durations.ts'
import { useOwnDesktop } from '../desktop-context.tsx'
import { HubAddress } from '../hub-address.tsx'
import { SecretStorageChoice } from '../secret-storage-choice.tsx'
import { useDesktopAction } from '../use-desktop-action.ts'
import { About } from '../about.tsx'
import { IgnoredProcesses } from './ignored-processes.tsx'
import { Notifications } from './notifications.tsx'
import { SignOut } from './sign-out.tsx'

const hubWarning = 'Signs this computer out of the present hub: what is shared from it ends.'

/** What is set on this computer alone. */
export function DesktopSection() {
  const { settings } = useOwnDesktop().state
  const change = useDesktopAction('settings:change')
  const { hubUrl, startsAtLogin, defaultExpiry } = settings
  return (
    <section className="section" aria-labelledby="desktop-title">
      <h2 id="desktop-title">This computer</h2>
      <HubAddress hubUrl={hubUrl} warning={hubWarning} />
      <SecretStorageChoice />
      <Toggle
        text="Start when I sign in to this computer"
        isOn={startsAtLogin}
        onChange={(isOn) => change.mutate({ startsAtLogin: isOn })}
      />
      <Notifications />
      <div className="narrow">
        <Choice
          label="One-click shares end"
          value={isDuration(defaultExpiry) ? defaultExpiry : '24h'}
          options={durations}
          onChange={(duration) => change.mutate({ defaultExpiry: duration })}
        />
      </div>
      <IgnoredProcesses />
      <SignOut />
      <About />
    </section>
  )
}
