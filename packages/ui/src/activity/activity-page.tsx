import { ListState } from '../components/list-state.tsx'
import { PageHead } from '../components/page-head.tsx'
import { ShowMore } from '../components/show-more.tsx'
import { useHub } from '../hub/hub-context.tsx'
import { usePages } from '../hub/use-pages.ts'
import { EventList } from './event-list.tsx'
import { joinEvents } from './gather-events.ts'
import { LiveBadge } from './live-badge.tsx'
import { useLiveEvents } from './live-events.tsx'

export function ActivityPage() {
  const hub = useHub()
  const live = useLiveEvents()
  const pages = usePages({
    key: ['events'],
    read: async (page) => hub.events.list.query({ order: 'newest', ...page }),
  })
  const events = joinEvents(live.events, pages.items)
  return (
    <>
      <PageHead title="Activity" text="Who opens what, as it happens. Seven days are kept.">
        <LiveBadge />
      </PageHead>
      <ListState
        query={pages}
        isEmpty={events.length === 0}
        empty={<p className="soft">Nothing yet. The first visit of a share appears here by itself.</p>}
      >
        <EventList events={events} hasLinks />
        <ShowMore pages={pages} />
      </ListState>
    </>
  )
}
