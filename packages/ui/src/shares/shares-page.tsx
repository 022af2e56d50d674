import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { CreatedShare, Share } from '@private-connect/api/contracts'
import { Link } from 'wouter'
import { Badge } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { ListState } from '../components/list-state.tsx'
import { PageHead } from '../components/page-head.tsx'
import { ShowMore } from '../components/show-more.tsx'
import { tellTime } from '../components/time.ts'
import { useNow } from '../components/use-now.ts'
import { useDesktop } from '../desktop/desktop-context.tsx'
import { MachineShares } from '../desktop/machine-shares/machine-shares.tsx'
import { useHub } from '../hub/hub-context.tsx'
import { usePages } from '../hub/use-pages.ts'
import { NewLinkDialog } from './new-link-dialog.tsx'
import { NewShareDialog } from './new-share-dialog.tsx'
import { describeShare } from './share-state.ts'

const refetchMs = 5_000

export function SharesPage() {
  const hub = useHub()
  const nowMs = useNow()
  const [isCreating, setIsCreating] = useState(false)
  const [created, setCreated] = useState<CreatedShare | null>(null)
  const desktop = useDesktop()
  const shares = usePages({ key: ['shares'], read: async (page) => hub.shares.list.query(page), refetchMs })
  const listedAbove = new Set(desktop?.state.shares.map(({ id }) => id))
  const listed = shares.items.filter(({ id }) => !listedAbove.has(id))
  return (
    <>
      <PageHead title="Shares" text="Links to your services. Each ends by itself, or when you revoke it.">
        <Button look="main" onPress={() => setIsCreating(true)}>
          <Plus aria-hidden size={16} /> New share
        </Button>
      </PageHead>
      {desktop === null ? null : <MachineShares />}
      {desktop === null || listed.length === 0 ? null : <h2>Others of this workspace, and ended ones</h2>}
      <ListState query={shares} isEmpty={listed.length === 0} empty={desktop === null ? <NoShares /> : null}>
        <ul className="cards">
          {listed.map((share) => (
            <li key={share.id}>
              <ShareCard share={share} nowMs={nowMs} />
            </li>
          ))}
        </ul>
        <ShowMore pages={shares} />
      </ListState>
      <NewShareDialog isOpen={isCreating} onClose={() => setIsCreating(false)} onCreated={setCreated} />
      <NewLinkDialog link={created} onClose={() => setCreated(null)} />
    </>
  )
}

function ShareCard({ share, nowMs }: { readonly share: Share; readonly nowMs: number }) {
  const state = describeShare(share, nowMs)
  const uses = share.accessCount === 1 ? '1 request' : `${share.accessCount.toLocaleString('en')} requests`
  return (
    <Link href={`/shares/${share.id}`} className="card">
      <span className="card-head">
        <strong>{share.name}</strong>
        <Badge tone={state.tone}>{state.word}</Badge>
      </span>
      <span className="card-facts">
        <code>{share.tokenPreview}</code>
        <span>{state.sentence}</span>
        <span>{uses}</span>
        <span>
          {share.lastAccessedAt === null ? 'never opened' : `opened ${tellTime(share.lastAccessedAt, nowMs)}`}
        </span>
      </span>
    </Link>
  )
}

function NoShares() {
  return (
    <>
      <h2>Nothing is shared yet</h2>
      <p className="soft">On the machine with your app, share a port:</p>
      <pre>npx private-connect login && npx private-connect share 3000</pre>
      <p className="soft">Or make a link here to a service that the hub already knows.</p>
    </>
  )
}
