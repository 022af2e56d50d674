import { useQuery } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import type { CreatedShare, Share } from '@private-connect/api/contracts'
import { Link } from 'wouter'
import { Badge } from '../components/badge.tsx'
import { ListState } from '../components/list-state.tsx'
import { PageHead } from '../components/page-head.tsx'
import { writeTime } from '../components/time.ts'
import { useNow } from '../components/use-now.ts'
import { useHub } from '../hub/hub-context.tsx'
import { NewLinkDialog } from './new-link-dialog.tsx'
import { QueryHistory } from './query-history.tsx'
import { ShareActions } from './share-actions.tsx'
import { ShareLog } from './share-log.tsx'
import { describeShare } from './share-state.ts'
import { ShareStats } from './share-stats.tsx'

export default function SharePage({ id }: { readonly id: string }) {
  const hub = useHub()
  const nowMs = useNow()
  const [link, setLink] = useState<CreatedShare | null>(null)
  const query = useQuery({
    queryKey: ['shares', id],
    queryFn: async () => hub.shares.get.query({ id }),
    refetchInterval: 5_000,
  })
  const share = query.data
  return (
    <>
      <Link href="/shares" className="back">
        <ArrowLeft aria-hidden size={16} /> Shares
      </Link>
      <ListState query={query} isEmpty={false} empty={null}>
        {share === undefined ? null : (
          <>
            <PageHead title={share.name} {...(share.description === null ? {} : { text: share.description })}>
              <ShareActions share={share} onNewLink={setLink} />
            </PageHead>
            <Facts share={share} nowMs={nowMs} />
            <Details id={id} />
          </>
        )}
      </ListState>
      <NewLinkDialog link={link} onClose={() => setLink(null)} />
    </>
  )
}

function Details({ id }: { readonly id: string }) {
  return (
    <Tabs className="tabs">
      <TabList aria-label="About this share" className="tab-list">
        <Tab id="overview" className="tab">
          Overview
        </Tab>
        <Tab id="log" className="tab">
          Requests
        </Tab>
        <Tab id="queries" className="tab">
          Queries
        </Tab>
      </TabList>
      <TabPanel id="overview">
        <ShareStats id={id} />
      </TabPanel>
      <TabPanel id="log">
        <ShareLog id={id} />
      </TabPanel>
      <TabPanel id="queries">
        <QueryHistory id={id} />
      </TabPanel>
    </Tabs>
  )
}

function Facts({ share, nowMs }: { readonly share: Share; readonly nowMs: number }) {
  const state = describeShare(share, nowMs)
  const facts: ReadonlyArray<readonly [string, string]> = [
    ['Link', share.tokenPreview],
    ['Ends', share.expiresAt === null ? 'Never' : writeTime(share.expiresAt)],
    ['Paths', share.allowedPaths?.join('  ') ?? 'All'],
    ['Methods', share.allowedMethods?.join(' ') ?? 'All'],
    ['Rate', share.rateLimitPerMin === null ? '5,000 a minute' : `${share.rateLimitPerMin} a minute`],
    ['Created', writeTime(share.createdAt)],
  ]
  return (
    <>
      <p className="row">
        <Badge tone={state.tone}>{state.word}</Badge>
        <span className="soft">{state.sentence}</span>
      </p>
      <dl className="facts">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
