import { QueryClientProvider } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { Router } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { Notices } from './components/notices.tsx'
import type { DesktopBridge } from './desktop/desktop-contract.ts'
import { DesktopProvider, useDesktop } from './desktop/desktop-context.tsx'
import { HubProvider } from './hub/hub-context.tsx'
import type { HubClient } from './hub/hub-client.ts'
import { createQueryClient } from './hub/query-client.ts'
import { Gate } from './shell/gate.tsx'

// In the hash, so that one build serves any address: the hub's root and a window's own scheme.
const routing = { hook: useHashLocation }

interface AppProps {
  readonly hub: HubClient
  /** The app around the screens; undefined in a browser. */
  readonly desktop?: DesktopBridge | undefined
}

/** The window's screens: in a browser as the hub's dashboard, in Electron as the app's window. */
export function App({ hub, desktop }: AppProps) {
  return (
    <DesktopProvider bridge={desktop}>
      <Reading>
        <HubProvider hub={hub}>
          <Router {...routing}>
            <Gate />
          </Router>
        </HubProvider>
      </Reading>
      <Notices />
    </DesktopProvider>
  )
}

/** Nothing that was read for one account is shown to the next one of the same window. */
function Reading({ children }: { readonly children: ReactNode }) {
  const desktop = useDesktop()
  const account = desktop?.state.account
  const isSignedIn = account?.kind === 'signed-in'
  return (
    <ReadingOfAccount
      key={`${desktop?.state.settings.hubUrl} ${isSignedIn ? account.email : ''} ${isSignedIn}`}
    >
      {children}
    </ReadingOfAccount>
  )
}

function ReadingOfAccount({ children }: { readonly children: ReactNode }) {
  const [queries] = useState(createQueryClient)
  return <QueryClientProvider client={queries}>{children}</QueryClientProvider>
}
