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
import { AddMachineDialog } from './add-machine-dialog.tsx'
import { AgentCard } from './agent-card.tsx'
import { ShareCommands } from './share-commands.tsx'

export function AgentsPage() {
  const hub = useHub()
  const nowMs = useNow()
  const [isAdding, setIsAdding] = useState(false)
  const pages = usePages({
    key: ['agents'],
    read: async (page) => hub.agents.list.query(page),
    refetchMs: 5_000,
  })
  const services = useQuery({
    queryKey: ['services', 'all'],
    queryFn: async () => hub.services.list.query({ limit: 100 }),
  })
  return (
    <>
      <PageHead
        title="Agents"
        text="Machines that keep a tunnel to this hub. Each connects only to what was shared on it."
      >
        <Button look="main" onPress={() => setIsAdding(true)}>
          <Plus aria-hidden size={16} /> Add a machine
        </Button>
      </PageHead>
      <ListState query={pages} isEmpty={pages.items.length === 0} empty={<NoAgents />}>
        <ul className="cards">
          {pages.items.map((agent) => (
            <li key={agent.id} className="card">
              <AgentCard
                agent={agent}
                services={services.data?.items.filter(({ agentId }) => agentId === agent.id) ?? []}
                nowMs={nowMs}
              />
            </li>
          ))}
        </ul>
        <ShowMore pages={pages} />
      </ListState>
      <AddMachineDialog isOpen={isAdding} onClose={() => setIsAdding(false)} />
    </>
  )
}

function NoAgents() {
  return (
    <>
      <h2>No machine is connected yet</h2>
      <p className="soft">On the machine with your app, let it in and share a port of it:</p>
      <ShareCommands />
    </>
  )
}
