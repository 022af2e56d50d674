import { useState } from 'react'
import type { CreatedShare, Service, Share } from '@private-connect/api/contracts'
import { Button } from '../components/button.tsx'
import { Confirm } from '../components/confirm.tsx'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { ChangeShareDialog } from './change-share-dialog.tsx'
import { durations, type Duration } from './durations.ts'
import { extendedNotice, ExtendMenu } from './extend-menu.tsx'
import { revokedNotice, RevokeButton } from './revoke-button.tsx'

const extensions = durations.map(
  ([duration, text]) => [duration, duration === 'never' ? 'Never end' : `End ${text.toLowerCase()}`] as const,
)

interface ShareActionsProps {
  readonly share: Share
  /** For what its rules are about; undefined while it is not known. */
  readonly service: Service | undefined
  readonly onNewLink: (link: CreatedShare) => void
}

/** Change, extend, new link, revoke: what there is to do with a share that exists. */
export function ShareActions({ share, service, onNewLink }: ShareActionsProps) {
  if (share.revokedAt !== null) return null
  return (
    <>
      <Change share={share} service={service} />
      <Extend id={share.id} />
      <NewLink id={share.id} onNewLink={onNewLink} />
      <Revoke id={share.id} name={share.name} />
    </>
  )
}

function Change({ share, service }: Pick<ShareActionsProps, 'share' | 'service'>) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <Button onPress={() => setIsOpen(true)}>Change</Button>
      {isOpen ? <ChangeShareDialog share={share} service={service} onClose={() => setIsOpen(false)} /> : null}
    </>
  )
}

export function Extend({ id }: { readonly id: string }) {
  const hub = useHub()
  const extend = useAction({
    changes: ['shares'],
    run: async (expiresIn: Duration) => hub.shares.update.mutate({ id, expiresIn }),
    done: () => extendedNotice,
  })
  return <ExtendMenu choices={extensions} onExtend={(duration) => extend.mutate(duration)} />
}

interface NewLinkProps extends Pick<ShareActionsProps, 'onNewLink'> {
  readonly id: string
}

export function NewLink({ id, onNewLink }: NewLinkProps) {
  const hub = useHub()
  const [isAsked, setIsAsked] = useState(false)
  const rotate = useAction({
    changes: ['shares'],
    run: async () => hub.shares.rotate.mutate({ id }),
    done: ({ share: link }: { share: CreatedShare }) => onNewLink(link),
  })
  return (
    <>
      <Button onPress={() => setIsAsked(true)}>New link</Button>
      <Confirm
        title="Make a new link?"
        text="The link that is out there stops working at once. You get a new one to send."
        action="Make a new link"
        isOpen={isAsked}
        onClose={() => setIsAsked(false)}
        onConfirm={() => rotate.mutate()}
      />
    </>
  )
}

export function Revoke({ id, name }: Pick<Share, 'id' | 'name'>) {
  const hub = useHub()
  const revoke = useAction({
    changes: ['shares'],
    run: async () => hub.shares.revoke.mutate({ id }),
    done: () => revokedNotice,
  })
  return <RevokeButton name={name} onRevoke={() => revoke.mutate()} />
}
