import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'
import type { Event } from '@private-connect/api/contracts'
import { describeFailure, type HubClient } from '../hub/hub-client.ts'
import { useHub } from '../hub/hub-context.tsx'
import { addEvent, outdatedBy } from './gather-events.ts'

interface Live {
  /** What happened since the window was opened, newest first. */
  readonly events: readonly Event[]
  readonly state: 'connecting' | 'live' | 'ended'
}

const nothing: Live = { events: [], state: 'connecting' }
const LiveContext = createContext<Live>(nothing)

/** Lists are read again at most so often, however much happens. */
const rereadMs = 500

/**
 * Follows the workspace's events for all screens, from the newest one on: a list that is read later and what comes here have no gap
 * between them. A lost connection is taken up again where it ended.
 */
export function LiveEvents({ children }: { readonly children: ReactNode }) {
  const hub = useHub()
  const queries = useQueryClient()
  const [live, setLive] = useState<Live>(nothing)
  useEffect(() => {
    const reread = createReread(queries)
    const stop = follow(hub, {
      onState: (state) => setLive((before) => ({ ...before, state })),
      onEvent: (event) => {
        setLive((before) => ({ ...before, events: addEvent(before.events, event) }))
        reread.add(event)
      },
      // Signed out elsewhere, or the key was restricted: whoever asks who is signed in learns of it.
      onRefused: () => void queries.invalidateQueries({ queryKey: ['me'] }),
    })
    return () => {
      stop()
      reread.stop()
    }
  }, [hub, queries])
  return <LiveContext value={live}>{children}</LiveContext>
}

export function useLiveEvents(): Live {
  return useContext(LiveContext)
}

interface Listener {
  readonly onState: (state: Live['state']) => void
  readonly onEvent: (event: Event) => void
  readonly onRefused: () => void
}

const retryMs = 3_000

/** Answers how to stop. Whatever ends the connection, what was told while there was none is told when it is back. */
function follow(hub: HubClient, { onState, onEvent, onRefused }: Listener): () => void {
  let stop = (): void => undefined
  let isStopped = false
  /** The last event that was told, or the newest when it began; null while that is not known. */
  let seenSeq: number | null = null
  async function begin(): Promise<void> {
    seenSeq ??= await newestSeq(hub)
    if (isStopped) return
    const subscription = hub.events.stream.subscribe(
      { lastEventId: String(seenSeq) },
      {
        onConnectionStateChange: ({ state }) => onState(state === 'pending' ? 'live' : 'connecting'),
        onData: ({ data }) => {
          seenSeq = data.seq
          onEvent(data)
        },
        onError: failed,
      },
    )
    stop = () => subscription.unsubscribe()
  }
  function failed(error: unknown): void {
    if (isStopped) return
    onState('ended')
    if (describeFailure(error).code?.startsWith('auth.') === true) onRefused()
    else retry()
  }
  function retry(): void {
    const timer = setTimeout(() => void begin().catch(failed), retryMs)
    stop = () => clearTimeout(timer)
  }
  begin().catch(failed)
  return () => {
    isStopped = true
    stop()
  }
}

async function newestSeq(hub: HubClient): Promise<number> {
  const { items } = await hub.events.list.query({ order: 'newest', limit: 1 })
  return items[0]?.seq ?? 0
}

/** Has what events change read again, all that came in a while together. */
function createReread(queries: QueryClient) {
  const keys = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | null = null
  function reread(): void {
    timer = null
    for (const key of keys) void queries.invalidateQueries({ queryKey: [key] })
    keys.clear()
  }
  return {
    add(event: Event): void {
      for (const key of outdatedBy(event)) keys.add(key)
      timer ??= setTimeout(reread, rereadMs)
    },
    stop(): void {
      if (timer !== null) clearTimeout(timer)
    },
  }
}
