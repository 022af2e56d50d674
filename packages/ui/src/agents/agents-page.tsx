import { useState } from 'react'
import type { Agent } from '@private-connect/api/contracts'
import { Badge } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { Confirm } from '../components/confirm.tsx'
import { ListState } from '../components/list-state.tsx'
import { PageHead } from '../components/page-head.tsx'
import { ShowMore } from '../components/show-more.tsx'
import { tellTime } from '../components/time.ts'
import { useNow } from '../components/use-now.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { usePages } from '../hub/use-pages.ts'

export function AgentsPage() {
  const hub = useHub()
  const nowMs = useNow()
  const pages = usePages({
    key: ['agents'],
    read: async (page) => hub.agents.list.query(page),
    refetchMs: 5_000,
  })
  return (
    <>
      <PageHead
        title="Agents"
        text="Machines that keep a tunnel to this hub. Each dials only what was shared on it."
      />
      <ListState query={pages} isEmpty={pages.items.length === 0} empty={<NoAgents />}>
        <ul className="cards">
          {pages.items.map((agent) => (
            <li key={agent.id} className="card">
              <AgentCard agent={agent} nowMs={nowMs} />
            </li>
          ))}
        </ul>
        <ShowMore pages={pages} />
      </ListState>
    </>
  )
}

function NoAgents() {
  return (
    <>
      <h2>No machine is connected yet</h2>
      <p className="soft">Let one in, and share a port of it:</p>
      <pre>npx private-connect login && npx private-connect share 3000</pre>
    </>
  )
}

function AgentCard({ agent, nowMs }: { readonly agent: Agent; readonly nowMs: number }) {
  const hub = useHub()
  const [isAsked, setIsAsked] = useState(false)
  const { id, name, label, isOnline, lastSeenAt, version } = agent
  const remove = useAction({
    changes: ['agents', 'services', 'shares'],
    run: async () => hub.agents.delete.mutate({ id }),
    done: () => `${name} is let in no more.`,
  })
  return (
    <>
      <span className="card-head">
        <strong>{name}</strong>
        <Badge tone={isOnline ? 'good' : 'quiet'}>{isOnline ? 'Online' : 'Offline'}</Badge>
      </span>
      <span className="card-facts">
        {label === null ? null : <span>{label}</span>}
        <span>{lastSeenAt === null ? 'never connected' : `last seen ${tellTime(lastSeenAt, nowMs)}`}</span>
        {version === null ? null : <span>version {version}</span>}
      </span>
      <div className="row">
        <Button look="quiet" onPress={() => setIsAsked(true)}>
          Delete
        </Button>
      </div>
      <Confirm
        title={`Delete “${name}”?`}
        text="Its tunnel is cut, and everything that is shared from it ends at once."
        action="Delete"
        isOpen={isAsked}
        onClose={() => setIsAsked(false)}
        onConfirm={() => remove.mutate()}
      />
    </>
  )
}
