import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { useOwnDesktop } from '../desktop-context.tsx'
import { useDesktopAction } from '../use-desktop-action.ts'

export function SignOut() {
  const { account } = useOwnDesktop().state
  const [isAsked, setIsAsked] = useState(false)
  const signOut = useDesktopAction('account:sign-out')
  if (account.kind !== 'signed-in') return null
  return (
    <div className="row">
      <span>
        <span className="soft">Signed in to {account.workspaceName}</span>{' '}
        {account.email === null ? 'by an API key' : `as ${account.email}`}
      </span>
      <Button onPress={() => setIsAsked(true)}>Sign out</Button>
      <Confirm
        title="Sign out of this computer?"
        text="What is shared from it ends, and its links work no more. Nothing of your sign-in is kept here."
        action="Sign out"
        keep="Stay signed in"
        isOpen={isAsked}
        onClose={() => setIsAsked(false)}
        onConfirm={() => signOut.mutate(undefined)}
      />
    </div>
  )
}
