import { useQuery } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { knownEngine, type CreatedShare, type Service, type Share } from '@private-connect/api/contracts'
import { Link } from 'wouter'
import { ShareActivity } from '../activity/share-activity.tsx'
import { ListState } from '../components/list-state.tsx'
import { PageHead } from '../components/page-head.tsx'
import { useNow } from '../components/use-now.ts'
import { useHub } from '../hub/hub-context.tsx'
import { QueryConsole } from '../queries/query-console.tsx'
import { NewLinkDialog } from './new-link-dialog.tsx'
import { ShareActions } from './share-actions.tsx'
import { ShareFacts } from './share-facts.tsx'
import { ShareLog } from './share-log.tsx'
import { ShareStats } from './share-stats.tsx'

interface SharePageProps {
  readonly id: string
  /** Which part is open at first; a notification leads to `activity`. */
  readonly part: string | undefined
}

export default function SharePage({ id, part }: SharePageProps) {
  const hub = useHub()
  const [link, setLink] = useState<CreatedShare | null>(null)
  const query = useQuery({
    queryKey: ['shares', id],
    queryFn: async () => hub.shares.get.query({ id }),
    refetchInterval: 5_000,
  })
  return (
    <>
      <Link href="/shares" className="back">
        <ArrowLeft aria-hidden size={16} /> Shares
      </Link>
      <ListState query={query} isEmpty={false} empty={null}>
        {query.data === undefined ? null : <Loaded share={query.data} part={part} onNewLink={setLink} />}
      </ListState>
      <NewLinkDialog link={link} onClose={() => setLink(null)} />
    </>
  )
}

interface LoadedProps {
  readonly share: Share
  readonly part: string | undefined
  readonly onNewLink: (link: CreatedShare) => void
}

function Loaded({ share, part, onNewLink }: LoadedProps) {
  const hub = useHub()
  const nowMs = useNow()
  const { serviceId: id } = share
  // A deleted service is not there any more: then nothing is said of it.
  const { data: service } = useQuery({
    queryKey: ['services', id],
    queryFn: async () => hub.services.get.query({ id }),
  })
  return (
    <>
      <PageHead title={share.name} {...(share.description === null ? {} : { text: share.description })}>
        <ShareActions share={share} service={service} onNewLink={onNewLink} />
      </PageHead>
      <ShareFacts share={share} service={service} nowMs={nowMs} />
      <Details share={share} service={service} part={part} />
    </>
  )
}

interface DetailsProps {
  readonly share: Share
  readonly service: Service | undefined
  readonly part: string | undefined
}

function Details({ share, service, part }: DetailsProps) {
  const engine = service === undefined ? null : knownEngine(service)
  return (
    <Tabs className="tabs" defaultSelectedKey={part === 'activity' ? part : 'overview'}>
      <TabList aria-label="About this share" className="tab-list">
        <Tab id="overview" className="tab">
          Overview
        </Tab>
        <Tab id="log" className="tab">
          Requests
        </Tab>
        <Tab id="activity" className="tab">
          Activity
        </Tab>
        {engine === null ? null : (
          <Tab id="queries" className="tab">
            Queries
          </Tab>
        )}
      </TabList>
      <TabPanel id="overview">
        <ShareStats id={share.id} />
      </TabPanel>
      <TabPanel id="log">
        <ShareLog id={share.id} />
      </TabPanel>
      <TabPanel id="activity">
        <ShareActivity shareId={share.id} />
      </TabPanel>
      {engine === null ? null : (
        <TabPanel id="queries">
          <QueryConsole share={share} service={service} engine={engine} />
        </TabPanel>
      )}
    </Tabs>
  )
}
