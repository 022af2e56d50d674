import { ListState } from '../components/list-state.tsx'
import { ShowMore } from '../components/show-more.tsx'
import { useHub } from '../hub/hub-context.tsx'
import { usePages } from '../hub/use-pages.ts'
import { EventList } from './event-list.tsx'
import { joinEvents, shareOf } from './gather-events.ts'
import { LiveBadge } from './live-badge.tsx'
import { useLiveEvents } from './live-events.tsx'

/** What happened to one share: visits, refusals, queries, its end. */
export function ShareActivity({ shareId }: { readonly shareId: string }) {
  const hub = useHub()
  const live = useLiveEvents()
  const pages = usePages({
    key: ['events', shareId],
    read: async (page) => hub.events.list.query({ order: 'newest', shareId, ...page }),
  })
  const events = joinEvents(
    live.events.filter((event) => shareOf(event) === shareId),
    pages.items,
  )
  return (
    <>
      <p className="row">
        <LiveBadge />
        <span className="hint">
          A visit is told once, and again after five quiet minutes; every single request is under Requests.
        </span>
      </p>
      <ListState
        query={pages}
        isEmpty={events.length === 0}
        empty={<p className="soft">Nothing in the last seven days.</p>}
      >
        <EventList events={events} hasLinks={false} />
        <ShowMore pages={pages} />
      </ListState>
    </>
  )
}
