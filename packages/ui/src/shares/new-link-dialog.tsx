import { ExternalLink } from 'lucide-react'
import { useEffect } from 'react'
import type { CreatedShare } from '@private-connect/api/contracts'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { QrCode } from '../components/qr-code.tsx'
import { Secret } from '../components/secret.tsx'
import { useDesktop } from '../desktop/desktop-context.tsx'
import { useAction } from '../hub/use-action.ts'

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
      <div className="qr-frame">
        <QrCode text={url} label={`The link of ${link.name} as a QR code`} />
        <p className="hint">For a phone’s camera. Whoever scans it may open the share.</p>
      </div>
      {link.subdomainUrl === null ? null : (
        <p className="hint">
          For programs, the same by path: <code className="wrap">{link.shareUrl}</code>
        </p>
      )}
      <div className="row row-end">
        <OpenLink shareId={link.id} url={url} />
        <Button look="main" onPress={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  )
}

/** The app's window opens nothing by itself: the app keeps the link, and has the browser open it. */
function OpenLink({ shareId, url }: { readonly shareId: string; readonly url: string }) {
  const call = useDesktop()?.call
  const open = useAction({ changes: [], run: async () => call?.('shares:open-link', { shareId }) })
  useEffect(() => {
    call?.('shares:keep-link', { shareId, url }).catch(() => undefined)
  }, [call, shareId, url])
  const content = (
    <>
      <ExternalLink aria-hidden size={16} /> Open
    </>
  )
  if (call !== undefined) return <Button onPress={() => open.mutate()}>{content}</Button>
  return (
    <a className="button button-plain" href={url} target="_blank" rel="noreferrer">
      {content}
    </a>
  )
}
