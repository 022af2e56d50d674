import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../components/button.tsx'
import { ListState } from '../components/list-state.tsx'
import { PageHead } from '../components/page-head.tsx'
import { ShowMore } from '../components/show-more.tsx'
import { useNow } from '../components/use-now.ts'
import { useHub } from '../hub/hub-context.tsx'
import { usePages } from '../hub/use-pages.ts'
import { AddServiceDialog } from './add-service-dialog.tsx'
import { ServiceCard } from './service-card.tsx'

export function ServicesPage() {
  const hub = useHub()
  const nowMs = useNow()
  const [isAdding, setIsAdding] = useState(false)
  const pages = usePages({
    key: ['services'],
    read: async (page) => hub.services.list.query(page),
    refetchMs: 10_000,
  })
  const agents = useQuery({
    queryKey: ['agents', 'all'],
    queryFn: async () => hub.agents.list.query({ limit: 100 }),
  })
  const nameOf = (agentId: string | null) =>
    agentId === null ? null : agents.data?.items.find(({ id }) => id === agentId)?.name
  return (
    <>
      <PageHead
        title="Services"
        text="What can be shared: apps on your machines, and targets that the hub reaches itself."
      >
        <Button look="main" onPress={() => setIsAdding(true)}>
          <Plus aria-hidden size={16} /> Add a service
        </Button>
      </PageHead>
      <ListState query={pages} isEmpty={pages.items.length === 0} empty={<NoServices />}>
        <ul className="cards">
          {pages.items.map((service) => (
            <li key={service.id} className="card">
              <ServiceCard service={service} agentName={nameOf(service.agentId)} nowMs={nowMs} />
            </li>
          ))}
        </ul>
        <ShowMore pages={pages} />
      </ListState>
      <AddServiceDialog isOpen={isAdding} onClose={() => setIsAdding(false)} />
    </>
  )
}

function NoServices() {
  return (
    <>
      <h2>No services yet</h2>
      <p className="soft">
        Sharing a port with the app or the command line adds its service here. “Add a service” is for what the
        hub reaches by itself, such as a database in the same network.
      </p>
    </>
  )
}
