import { ExternalLink } from 'lucide-react'
import { Button } from '../../components/button.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { QrCode } from '../../components/qr-code.tsx'
import type { DesktopShare } from '../desktop-contract.ts'
import { isLocalLink } from '../is-local-link.ts'
import { useDesktopAction } from '../use-desktop-action.ts'

interface SharedDialogProps {
  /** Null while it is closed. */
  readonly share: DesktopShare | null
  /** It was made just now, and its link put on the clipboard. */
  readonly isNew?: boolean
  readonly onClose: () => void
}

/** The link of a share of this computer: as text, and for a phone's camera. */
export function SharedDialog({ share, isNew = false, onClose }: SharedDialogProps) {
  const open = useDesktopAction('shares:open-link')
  if (share === null || share.url === null) return null
  const { id, name, url } = share
  const isLocal = isLocalLink(url)
  return (
    <Dialog title={isNew ? `“${name}” is shared` : name} isOpen onClose={onClose}>
      <div className={isLocal ? '' : 'shared-link'}>
        {isLocal ? null : <QrCode text={url} label={`The link of ${name} for a phone’s camera`} />}
        <div>
          <p className="secret-label">Its link</p>
          <code className="wrap">{url}</code>
          <p className="hint">
            {isNew ? 'It is on your clipboard. ' : ''}
            {isLocal
              ? 'It works on this computer alone: the hub has no address that others can reach.'
              : 'Whoever has it can open the share until it ends.'}
          </p>
        </div>
      </div>
      <div className="row row-end">
        <CopyButton text={url} label="Copy the link" />
        <Button onPress={() => open.mutate({ shareId: id })}>
          <ExternalLink aria-hidden size={16} /> Open
        </Button>
        <Button look="main" onPress={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  )
}
