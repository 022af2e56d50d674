import type { Event } from '@private-connect/api/contracts'
import { Link } from 'wouter'
import { Badge } from '../components/badge.tsx'
import { tellPast, writeTime } from '../components/time.ts'
import { useNow } from '../components/use-now.ts'
import { tellEvent } from './tell-event.ts'

interface EventListProps {
  readonly events: readonly Event[]
  /** Sentences lead to their share, except on its own page. */
  readonly hasLinks: boolean
}

export function EventList({ events, hasLinks }: EventListProps) {
  const nowMs = useNow()
  return (
    <ol className="feed" aria-label="Activity, newest first">
      {events.map((event) => {
        const { tone, word, sentence, shareId } = tellEvent(event)
        return (
          <li key={event.seq}>
            <Badge tone={tone}>{word}</Badge>
            {hasLinks && shareId !== null ? (
              <Link href={`/shares/${shareId}`}>{sentence}</Link>
            ) : (
              <span>{sentence}</span>
            )}
            <time dateTime={event.createdAt} title={writeTime(event.createdAt)}>
              {tellPast(event.createdAt, nowMs)}
            </time>
          </li>
        )
      })}
    </ol>
  )
}
