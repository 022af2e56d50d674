import { Copy, ExternalLink, QrCode } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { Button } from '../../components/button.tsx'
import { extendedNotice, ExtendMenu } from '../../shares/extend-menu.tsx'
import { revokedNotice, RevokeButton } from '../../shares/revoke-button.tsx'
import type { DesktopShare } from '../desktop-contract.ts'
import { isLocalLink } from '../is-local-link.ts'
import { SharedDialog } from '../share-port/shared-dialog.tsx'
import { useDesktopAction } from '../use-desktop-action.ts'

interface ActionsProps {
  readonly share: DesktopShare
}

export function MachineShareActions({ share }: ActionsProps) {
  return (
    <div className="row">
      {share.url === null ? <LostLink id={share.id} /> : <LinkActions share={share} />}
      <Extend id={share.id} />
      <Revoke share={share} />
    </div>
  )
}

function LostLink({ id }: { readonly id: string }) {
  return (
    <span className="hint">
      This computer does not have its link. <Link href={`/shares/${id}`}>Make a new one</Link>
    </span>
  )
}

function LinkActions({ share }: ActionsProps) {
  const shareId = share.id
  const [isShown, setIsShown] = useState(false)
  const copy = useDesktopAction('shares:copy-link', { done: () => `The link of ${share.name} is copied.` })
  const open = useDesktopAction('shares:open-link')
  return (
    <>
      <Button look="main" onPress={() => copy.mutate({ shareId })}>
        <Copy aria-hidden size={16} /> Copy link
      </Button>
      <Button onPress={() => open.mutate({ shareId })}>
        <ExternalLink aria-hidden size={16} /> Open
      </Button>
      {isLocalLink(share.url ?? '') ? null : (
        <Button onPress={() => setIsShown(true)}>
          <QrCode aria-hidden size={16} /> QR code
        </Button>
      )}
      <SharedDialog share={isShown ? share : null} onClose={() => setIsShown(false)} />
    </>
  )
}

const extensions = [
  ['1h', 'End in an hour'],
  ['24h', 'End in 24 hours'],
  ['7d', 'End in a week'],
] as const

function Extend({ id }: { readonly id: string }) {
  const extend = useDesktopAction('shares:extend', { changes: ['shares'], done: () => extendedNotice })
  return <ExtendMenu choices={extensions} onExtend={(by) => extend.mutate({ shareId: id, by })} />
}

function Revoke({ share: { id, name } }: ActionsProps) {
  const revoke = useDesktopAction('shares:revoke', { changes: ['shares'], done: () => revokedNotice })
  return <RevokeButton name={name} onRevoke={() => revoke.mutate({ shareId: id })} />
}
