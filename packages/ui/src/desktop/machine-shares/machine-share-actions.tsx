import { Copy, ExternalLink, QrCode } from 'lucide-react'
import { useState } from 'react'
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { Link } from 'wouter'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/confirm.tsx'
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
  const extend = useDesktopAction('shares:extend', {
    changes: ['shares'],
    done: () => 'The share has a new end.',
  })
  return (
    <MenuTrigger>
      <Button>Extend</Button>
      <Popover className="popover">
        <Menu
          className="list-box"
          onAction={(key) => extend.mutate({ shareId: id, by: key as (typeof extensions)[number][0] })}
        >
          {extensions.map(([by, text]) => (
            <MenuItem key={by} id={by} className="list-box-item">
              {text}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}

function Revoke({ share: { id, name } }: ActionsProps) {
  const [isAsked, setIsAsked] = useState(false)
  const revoke = useDesktopAction('shares:revoke', {
    changes: ['shares'],
    done: () => 'Revoked. Whoever had it open is cut off.',
  })
  return (
    <>
      <Button look="danger" onPress={() => setIsAsked(true)}>
        Revoke
      </Button>
      <Confirm
        title={`Revoke “${name}”?`}
        text="Visitors are cut off at once, and the link never works again."
        action="Revoke"
        isOpen={isAsked}
        onClose={() => setIsAsked(false)}
        onConfirm={() => revoke.mutate({ shareId: id })}
      />
    </>
  )
}
