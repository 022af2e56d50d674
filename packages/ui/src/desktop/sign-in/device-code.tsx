import { ExternalLink } from 'lucide-react'
import { Button } from '../../components/button.tsx'
import { tellTime } from '../../components/time.ts'
import { useNow } from '../../components/use-now.ts'
import { CopyButton } from '../../components/copy-button.tsx'
import type { DesktopState } from '../desktop-contract.ts'
import { useDesktopAction } from '../use-desktop-action.ts'

type SigningIn = Extract<DesktopState['account'], { kind: 'signing-in' }>

/** The code that the person compares with the page in the browser, while the app waits for their answer there. */
export function DeviceCode({ account }: { readonly account: SigningIn }) {
  const nowMs = useNow()
  const openPage = useDesktopAction('account:open-page')
  const cancel = useDesktopAction('account:cancel-sign-in')
  const { userCode, verificationUrl, expiresAtMs } = account
  return (
    <>
      <div>
        <h1>Confirm it in your browser</h1>
        <p className="soft">The page there shows the same code. If it does, let this computer in.</p>
      </div>
      <p className="user-code" aria-label={`The code is ${[...userCode].join(' ')}`}>
        {userCode}
      </p>
      <output className="waiting">
        <span className="waiting-dot" aria-hidden />
        Waiting for your answer. The code ends {tellTime(new Date(expiresAtMs).toISOString(), nowMs)}.
      </output>
      <p className="hint wrap">
        No page? Open it once more, or copy its address to any browser: <code>{verificationUrl}</code>
      </p>
      <div className="row">
        <Button look="main" onPress={() => openPage.mutate(undefined)}>
          <ExternalLink aria-hidden size={16} /> Open the page
        </Button>
        <CopyButton text={verificationUrl} label="Copy address" />
        <Button look="quiet" onPress={() => cancel.mutate(undefined)}>
          Cancel
        </Button>
      </div>
    </>
  )
}
