import { QueryClientProvider } from '@tanstack/react-query'
import { Router } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { HubProvider } from './hub/hub-context.tsx'
import type { HubClient } from './hub/hub-client.ts'
import { queryClient } from './hub/query-client.ts'
import { Gate } from './shell/gate.tsx'
import { Notices } from './components/notices.tsx'

// In the hash, so that one build serves any address: the hub's root and a window's own scheme.
const routing = { hook: useHashLocation }

/** The window's screens: in a browser as the hub's dashboard, in Electron as the app's window. */
export function App({ hub }: { readonly hub: HubClient }) {
  return (
    <QueryClientProvider client={queryClient}>
      <HubProvider hub={hub}>
        <Router {...routing}>
          <Gate />
        </Router>
        <Notices />
      </HubProvider>
    </QueryClientProvider>
  )
}
