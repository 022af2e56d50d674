import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { CreatedShare } from '@private-connect/api/contracts'
import { ShareCommands } from '../agents/share-commands.tsx'
import { Button } from '../components/button.tsx'
import { ListState } from '../components/list-state.tsx'
import { PageHead } from '../components/page-head.tsx'
import { ShowMore } from '../components/show-more.tsx'
import { useNow } from '../components/use-now.ts'
import { useDesktop } from '../desktop/desktop-context.tsx'
import { MachineShares } from '../desktop/machine-shares/machine-shares.tsx'
import { useHub } from '../hub/hub-context.tsx'
import { usePages } from '../hub/use-pages.ts'
import { NewLinkDialog } from './new-link-dialog.tsx'
import { NewShareDialog } from './new-share-dialog.tsx'
import { ShareCard } from './share-card.tsx'

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
      <ListState
        query={shares}
        isEmpty={listed.length === 0}
        empty={desktop === null ? <NoShares onCreate={() => setIsCreating(true)} /> : null}
      >
        <ul className="cards">
          {listed.map((share) => (
            <li key={share.id} className="card">
              <ShareCard share={share} nowMs={nowMs} onNewLink={setCreated} />
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

function NoShares({ onCreate }: { readonly onCreate: () => void }) {
  return (
    <>
      <h2>Nothing is shared yet</h2>
      <p className="soft">On the machine with your app, share a port:</p>
      <ShareCommands />
      <p className="soft">Or share a service that the hub already knows:</p>
      <Button onPress={onCreate}>Share a service</Button>
    </>
  )
}
