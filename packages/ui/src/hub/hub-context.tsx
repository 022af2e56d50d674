import { createContext, useContext, type ReactNode } from 'react'
import type { HubClient } from './hub-client.ts'

const HubContext = createContext<HubClient | null>(null)

export function HubProvider({ hub, children }: { readonly hub: HubClient; readonly children: ReactNode }) {
  return <HubContext value={hub}>{children}</HubContext>
}

/** The hub that the screens speak to. */
export function useHub(): HubClient {
  const hub = useContext(HubContext)
  if (hub === null) throw new Error('A screen is used outside of its app.')
  return hub
}
