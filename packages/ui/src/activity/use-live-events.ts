import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Event } from '@private-connect/api/contracts'
import { useHub } from '../hub/hub-context.tsx'

/** As many as a person looks at; older ones are in the list below. */
const keptMax = 200

/** Lists that an event makes out of date, by the first part of its type. */
const changes = { share: ['shares'], agent: ['agents', 'services'] } as const

interface Live {
  /** What happened since the screen was opened, newest first. */
  readonly events: readonly Event[]
  readonly isConnected: boolean
}

/** Follows the workspace's events; a lost connection is taken up again where it ended. */
export function useLiveEvents(): Live {
  const hub = useHub()
  const queries = useQueryClient()
  const [live, setLive] = useState<Live>({ events: [], isConnected: false })
  useEffect(() => {
    const subscription = hub.events.stream.subscribe(undefined, {
      onConnectionStateChange: ({ state }) =>
        setLive((before) => ({ ...before, isConnected: state === 'pending' })),
      onData: ({ data }) => {
        setLive((before) => ({ ...before, events: [data, ...before.events].slice(0, keptMax) }))
        const kind = data.type.startsWith('agent.') ? 'agent' : 'share'
        for (const key of changes[kind]) void queries.invalidateQueries({ queryKey: [key] })
      },
    })
    return () => subscription.unsubscribe()
  }, [hub, queries])
  return live
}
