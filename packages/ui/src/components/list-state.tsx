import type { ReactNode } from 'react'
import { describeFailure } from '../hub/hub-client.ts'
import { Button } from './button.tsx'

interface ListStateProps {
  readonly query: {
    readonly isPending: boolean
    readonly isError: boolean
    readonly error: unknown
    readonly refetch: () => unknown
  }
  readonly isEmpty: boolean
  readonly empty: ReactNode
  readonly children: ReactNode
}

/** What stands in a list's place while there is none: waiting, failed or empty, each with what to do next. */
export function ListState({ query, isEmpty, empty, children }: ListStateProps) {
  if (query.isPending) return <p className="state soft">Reading from the hub …</p>
  if (query.isError) {
    return (
      <div className="state" role="alert">
        <p>{describeFailure(query.error).sentence}</p>
        <Button onPress={() => void query.refetch()}>Try again</Button>
      </div>
    )
  }
  return isEmpty ? <div className="state">{empty}</div> : children
}
