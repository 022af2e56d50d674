import { Database, Ellipsis, Globe, Plug } from 'lucide-react'
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { Link } from 'wouter'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import type { DesktopShare, ListeningPort } from '../desktop-contract.ts'
import { useOwnDesktop } from '../desktop-context.tsx'
import { useDesktopAction } from '../use-desktop-action.ts'
import { describePort, type Target } from './tell-port.ts'

const icons = { web: Globe, database: Database, other: Plug } as const

interface PortCardProps {
  readonly port: ListeningPort
  readonly isBusy: boolean
  readonly onShare: (target: Target) => void
  readonly onOptions: (target: Target) => void
}

export function PortCard({ port, isBusy, onShare, onOptions }: PortCardProps) {
  const { shares } = useOwnDesktop().state
  const { target, facts } = describePort(port)
  const Icon = icons[port.kind]
  const shared = shares.find((share) => share.targetPort === port.port)
  return (
    <>
      <span className="port-icon" aria-hidden>
        <Icon size={20} />
      </span>
      <div className="port-name">
        <span className="card-head">
          <strong>{target.title}</strong>
          {shared === undefined ? null : <Badge tone="good">Shared</Badge>}
        </span>
        <span className="card-facts">
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
          {shared === undefined ? null : <Link href={`/shares/${shared.id}`}>See its share</Link>}
        </span>
      </div>
      <div className="row">
        {shared === undefined || shared.url === null ? (
          <Button
            look="main"
            isDisabled={isBusy}
            aria-label={`Share ${target.title}, port ${port.port}`}
            onPress={() => onShare(target)}
          >
            Share
          </Button>
        ) : (
          <CopyLink share={shared} />
        )}
        <More port={port} onShare={() => onShare(target)} onOptions={() => onOptions(target)} />
      </div>
    </>
  )
}

function CopyLink({ share: { id, name } }: { readonly share: DesktopShare }) {
  const copy = useDesktopAction('shares:copy-link', { done: () => `The link of ${name} is copied.` })
  return <Button onPress={() => copy.mutate({ shareId: id })}>Copy link</Button>
}

interface MoreProps {
  readonly port: ListeningPort
  readonly onShare: () => void
  readonly onOptions: () => void
}

function More({ port: { processName, port }, onShare, onOptions }: MoreProps) {
  const { settings } = useOwnDesktop().state
  const ignore = useDesktopAction('settings:change', {
    changes: ['ports'],
    done: () => `${processName} is not listed any more. The settings bring it back.`,
  })
  const act = (key: string | number) => {
    if (key === 'share') return onShare()
    if (key === 'options') return onOptions()
    return ignore.mutate({ ignoredProcesses: [...settings.ignoredProcesses, processName ?? ''] })
  }
  return (
    <MenuTrigger>
      <Button aria-label={`More for port ${port}`}>
        <Ellipsis aria-hidden size={16} />
      </Button>
      <Popover className="popover">
        <Menu className="list-box" onAction={act}>
          <MenuItem id="share" className="list-box-item">
            Make a new share
          </MenuItem>
          <MenuItem id="options" className="list-box-item">
            Share with options …
          </MenuItem>
          {processName === null ? null : (
            <MenuItem id="ignore" className="list-box-item">
              Do not list {processName}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
