import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { ListState } from '../../components/list-state.tsx'
import { PageHead } from '../../components/page-head.tsx'
import type { DesktopShare, ListeningPort } from '../desktop-contract.ts'
import { useOwnDesktop } from '../desktop-context.tsx'
import { useDesktopAction } from '../use-desktop-action.ts'
import { OtherPort } from './other-port.tsx'
import { PortCard } from './port-card.tsx'
import { PortOptionsDialog } from './port-options-dialog.tsx'
import { SharedDialog } from './shared-dialog.tsx'
import { groupPorts, tellExpiry, type Target } from './tell-port.ts'

const refetchMs = 3_000

/** The ports of this computer; a click shares one. */
export function SharePortPage() {
  const { state, call } = useOwnDesktop()
  const [asked, setAsked] = useState<Target | null>(null)
  const [made, setMade] = useState<DesktopShare | null>(null)
  const query = useQuery({
    queryKey: ['ports'],
    queryFn: async () => call('ports:list'),
    refetchInterval: refetchMs,
  })
  const share = useDesktopAction('ports:share', {
    changes: ['shares', 'services'],
    done: (created) => setMade(created),
  })
  const { defaultExpiry, ignoredProcesses } = state.settings
  const target = {
    isBusy: share.isPending,
    onShare: ({ port, host }: Target) => share.mutate({ port, host }),
    onOptions: setAsked,
  }
  return (
    <>
      <PageHead
        title="Share a port"
        text={`One click makes a link that ${tellExpiry(defaultExpiry)}, and copies it.`}
      />
      <ListState query={query} isEmpty={query.data?.length === 0} empty={<NothingListens />}>
        {groupPorts(query.data ?? []).map(({ title, ports }) => (
          <PortGroup key={title} title={title} ports={ports} target={target} />
        ))}
      </ListState>
      <OtherPort {...target} />
      {ignoredProcesses.length === 0 ? null : (
        <p className="hint">
          Not listed: {ignoredProcesses.join(', ')}. <Link href="/settings">Change it in the settings</Link>
        </p>
      )}
      <PortOptionsDialog target={asked} onClose={() => setAsked(null)} onShared={setMade} />
      <SharedDialog share={made} isNew onClose={() => setMade(null)} />
    </>
  )
}

interface PortGroupProps {
  readonly title: string
  readonly ports: readonly ListeningPort[]
  readonly target: {
    readonly isBusy: boolean
    readonly onShare: (target: Target) => void
    readonly onOptions: (target: Target) => void
  }
}

function PortGroup({ title, ports, target }: PortGroupProps) {
  return (
    <section className="port-group" aria-label={title}>
      <h2>{title}</h2>
      <ul className="cards">
        {ports.map((port) => (
          <li key={`${port.host} ${port.port}`} className="card port">
            <PortCard port={port} {...target} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function NothingListens() {
  return (
    <>
      <h2>Nothing listens on this computer yet</h2>
      <p className="soft">Start your app, such as a dev server, and it appears here by itself.</p>
    </>
  )
}
