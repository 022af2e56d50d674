import {
  Activity,
  KeyRound,
  Link2,
  MonitorSmartphone,
  PlugZap,
  ScrollText,
  Server,
  Settings,
  Webhook,
} from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { Link, useRoute } from 'wouter'
import { ConnectionStatus } from '../desktop/connection-status.tsx'
import { useDesktop } from '../desktop/desktop-context.tsx'
import { Brand } from './brand.tsx'
import type { Me } from './me.ts'

const entries = [
  ['/shares', 'Shares', Link2],
  ['/activity', 'Activity', Activity],
  ['/services', 'Services', Server],
  ['/agents', 'Agents', MonitorSmartphone],
  ['/keys', 'API keys', KeyRound],
  ['/webhooks', 'Webhooks', Webhook],
  ['/audit', 'Audit log', ScrollText],
  ['/settings', 'Settings', Settings],
] as const

/** What only the app around the screens can do. */
const desktopEntries = [['/share', 'Share a port', PlugZap]] as const

export function Navigation({ me }: { readonly me: Me }) {
  const desktop = useDesktop()
  return (
    <nav className="navigation" aria-label="Screens">
      <Brand />
      <ul>
        {[...(desktop === null ? [] : desktopEntries), ...entries].map(([path, text, Icon]) => (
          <li key={path}>
            <Entry path={path} text={text} icon={<Icon aria-hidden size={18} />} />
          </li>
        ))}
      </ul>
      <ConnectionStatus />
      <p className="navigation-foot">
        <strong>{me.workspace.name}</strong>
        <span>{me.user?.email ?? 'API key'}</span>
      </p>
    </nav>
  )
}

interface EntryProps {
  readonly path: string
  readonly text: string
  readonly icon: ReactNode
}

function Entry({ path, text, icon }: EntryProps) {
  const [isHere] = useRoute(`${path}/*?`)
  const link = useRef<HTMLAnchorElement>(null)
  // On a phone the entries are one line that scrolls; where one is must be in sight.
  useEffect(() => {
    if (isHere) link.current?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [isHere])
  return (
    <Link ref={link} href={path} aria-current={isHere ? 'page' : undefined}>
      {icon}
      <span>{text}</span>
    </Link>
  )
}
