import type { Event } from '@private-connect/api/contracts'
import { Link } from 'wouter'
import { Badge } from '../components/badge.tsx'
import { ListState } from '../components/list-state.tsx'
import { PageHead } from '../components/page-head.tsx'
import { ShowMore } from '../components/show-more.tsx'
import { tellTime } from '../components/time.ts'
import { useNow } from '../components/use-now.ts'
import { useHub } from '../hub/hub-context.tsx'
import { usePages } from '../hub/use-pages.ts'
import { tellEvent } from './tell-event.ts'
import { useLiveEvents } from './use-live-events.ts'

export function ActivityPage() {
  const hub = useHub()
  const nowMs = useNow()
  const live = useLiveEvents()
  const pages = usePages({
    key: ['events'],
    read: async (page) => hub.events.list.query({ order: 'newest', ...page }),
  })
  const seen = new Set(live.events.map(({ seq }) => seq))
  const events = [...live.events, ...pages.items.filter(({ seq }) => !seen.has(seq))]
  return (
    <>
      <PageHead title="Activity" text="Who opens what, as it happens. Seven days are kept.">
        <Badge tone={live.isConnected ? 'good' : 'late'}>{live.isConnected ? 'Live' : 'Connecting'}</Badge>
      </PageHead>
      <ListState
        query={pages}
        isEmpty={events.length === 0}
        empty={<p className="soft">Nothing yet. The first visit of a share appears here by itself.</p>}
      >
        <ol className="feed" aria-label="Activity, newest first">
          {events.map((event) => (
            <li key={event.seq}>
              <FeedLine event={event} nowMs={nowMs} />
            </li>
          ))}
        </ol>
        <ShowMore pages={pages} />
      </ListState>
    </>
  )
}

function FeedLine({ event, nowMs }: { readonly event: Event; readonly nowMs: number }) {
  const { tone, word, sentence, shareId } = tellEvent(event)
  return (
    <>
      <Badge tone={tone}>{word}</Badge>
      {shareId === null ? <span>{sentence}</span> : <Link href={`/shares/${shareId}`}>{sentence}</Link>}
      <time dateTime={event.createdAt}>{tellTime(event.createdAt, nowMs)}</time>
    </>
  )
}
