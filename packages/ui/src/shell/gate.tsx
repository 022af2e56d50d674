import { useQuery } from '@tanstack/react-query'
import { useDesktop } from '../desktop/desktop-context.tsx'
import { SignInPage } from '../desktop/sign-in/sign-in-page.tsx'
import { useAskedNavigation } from '../desktop/use-navigation.ts'
import type { ReactNode } from 'react'
import { describeFailure } from '../hub/hub-client.ts'
import { useHub } from '../hub/hub-context.tsx'
import { Button } from '../components/button.tsx'
import { Shell } from './shell.tsx'
import { Welcome } from './welcome.tsx'

/** Who is signed in sees the screens, anybody else how to sign in. */
export function Gate() {
  const account = useDesktop()?.state.account
  useAskedNavigation()
  if (account !== undefined && account.kind !== 'signed-in') return <SignInPage />
  return <HubGate signIn={account === undefined ? <Welcome /> : <SignInPage />} />
}

function HubGate({ signIn }: { readonly signIn: ReactNode }) {
  const hub = useHub()
  const me = useQuery({ queryKey: ['me'], queryFn: async () => hub.auth.me.query({}) })
  if (me.isPending) return <p className="state soft">Asking the hub …</p>
  if (me.isSuccess) return <Shell me={me.data} />
  const failure = describeFailure(me.error)
  if (failure.code?.startsWith('auth.')) return signIn
  return (
    <div className="state" role="alert">
      <p>{failure.sentence}</p>
      <Button onPress={() => void me.refetch()}>Try again</Button>
    </div>
  )
}
