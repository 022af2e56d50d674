import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { QueryAnswer } from '@private-connect/api/contracts'
import { askedAlone } from '../hub/hub-client.ts'
import { useHub } from '../hub/hub-context.tsx'
import { describeQueryFailure, type QueryFailure } from './query-failure.ts'

export type QueryRun =
  | { readonly state: 'idle' | 'running' | 'stopped' }
  | { readonly state: 'answered'; readonly answer: QueryAnswer }
  | { readonly state: 'failed'; readonly query: string; readonly failure: QueryFailure }

/** One query at a time. Stopping it, or leaving the screen, cancels it in the database. */
export function useQueryRun(shareId: string) {
  const hub = useHub()
  const queries = useQueryClient()
  const [run, setRun] = useState<QueryRun>({ state: 'idle' })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  async function ask(query: string): Promise<void> {
    const controller = new AbortController()
    running.current = controller
    setRun({ state: 'running' })
    const { signal } = controller
    try {
      const answer = await hub.shares.ask.mutate({ id: shareId, query }, { signal, context: askedAlone })
      setRun({ state: 'answered', answer })
    } catch (error) {
      setRun(
        signal.aborted
          ? { state: 'stopped' }
          : { state: 'failed', query, failure: describeQueryFailure(error) },
      )
    } finally {
      running.current = null
      void queries.invalidateQueries({ queryKey: ['share-queries', shareId] })
    }
  }

  return {
    run,
    start: (query: string): void => {
      if (query !== '' && running.current === null) void ask(query)
    },
    stop: () => running.current?.abort(),
  }
}
