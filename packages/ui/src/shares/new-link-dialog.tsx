import { ExternalLink } from 'lucide-react'
import type { CreatedShare } from '@private-connect/api/contracts'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Secret } from '../components/secret.tsx'

interface NewLinkDialogProps {
  readonly link: CreatedShare | null
  readonly onClose: () => void
}

/** A new link, which only its creator sees, and only now. */
export function NewLinkDialog({ link, onClose }: NewLinkDialogProps) {
  if (link === null) return null
  const url = link.subdomainUrl ?? link.shareUrl
  return (
    <Dialog title={`“${link.name}” is shared`} isOpen onClose={onClose}>
      <Secret
        label="Send this link"
        value={url}
        warning="It is shown this once. The hub keeps only a fingerprint of it; if it is lost, make a new link on the share's page."
      />
      {link.subdomainUrl === null ? null : (
        <p className="hint">
          For programs, the same by path: <code className="wrap">{link.shareUrl}</code>
        </p>
      )}
      <div className="row row-end">
        <a className="button button-plain" href={url} target="_blank" rel="noreferrer">
          <ExternalLink aria-hidden size={16} /> Open
        </a>
        <Button look="main" onPress={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  )
}
