import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Service } from '@private-connect/api/contracts'
import { Badge } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { Confirm } from '../components/confirm.tsx'
import { ListState } from '../components/list-state.tsx'
import { PageHead } from '../components/page-head.tsx'
import { ShowMore } from '../components/show-more.tsx'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { usePages } from '../hub/use-pages.ts'
import { AddServiceDialog } from './add-service-dialog.tsx'
import { LoginDialog } from './login-dialog.tsx'

const tones = { active: 'good', offline: 'late', unreachable: 'bad', unknown: 'quiet' } as const

export function ServicesPage() {
  const hub = useHub()
  const [isAdding, setIsAdding] = useState(false)
  const pages = usePages({
    key: ['services'],
    read: async (page) => hub.services.list.query(page),
    refetchMs: 10_000,
  })
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
      <ListState
        query={pages}
        isEmpty={pages.items.length === 0}
        empty={<p className="soft">Sharing a port with the app or the command line adds its service here.</p>}
      >
        <ul className="cards">
          {pages.items.map((service) => (
            <li key={service.id} className="card">
              <ServiceCard service={service} />
            </li>
          ))}
        </ul>
        <ShowMore pages={pages} />
      </ListState>
      <AddServiceDialog isOpen={isAdding} onClose={() => setIsAdding(false)} />
    </>
  )
}

function ServiceCard({ service }: { readonly service: Service }) {
  const { name, targetHost, targetPort, protocol, engine, status, isExternal, hasCredentials } = service
  return (
    <>
      <span className="card-head">
        <strong>{name}</strong>
        <Badge tone={tones[status]}>{status}</Badge>
      </span>
      <span className="card-facts">
        <code>{`${targetHost}:${targetPort}`}</code>
        <span>{engine ?? protocol}</span>
        <span>{isExternal ? 'reached by the hub' : 'behind an agent'}</span>
        {hasCredentials ? <span>has a database login</span> : null}
      </span>
      <ServiceActions service={service} />
    </>
  )
}

function ServiceActions({ service: { id, name, protocol } }: { readonly service: Service }) {
  const hub = useHub()
  const [asked, setAsked] = useState<'delete' | 'login' | null>(null)
  const check = useAction({
    changes: ['services'],
    run: async () => hub.services.check.mutate({ id }),
    done: ({ check: { message } }: { check: { message: string } }) => message,
  })
  const remove = useAction({
    changes: ['services', 'shares'],
    run: async () => hub.services.delete.mutate({ id }),
    done: () => `${name} is deleted.`,
  })
  const isDatabase = protocol === 'tcp' || protocol === 'auto'
  return (
    <div className="row">
      <Button onPress={() => check.mutate()} isDisabled={check.isPending}>
        {check.isPending ? 'Checking …' : 'Check now'}
      </Button>
      {isDatabase ? <Button onPress={() => setAsked('login')}>Database login</Button> : null}
      <Button look="quiet" onPress={() => setAsked('delete')}>
        Delete
      </Button>
      <LoginDialog id={id} name={name} isOpen={asked === 'login'} onClose={() => setAsked(null)} />
      <Confirm
        title={`Delete “${name}”?`}
        text="Every share of it ends at once. Logs stay."
        action="Delete"
        isOpen={asked === 'delete'}
        onClose={() => setAsked(null)}
        onConfirm={() => remove.mutate()}
      />
    </div>
  )
}
