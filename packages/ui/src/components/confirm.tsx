import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

interface ConfirmProps {
  readonly title: string
  readonly text: string
  readonly action: string
  /** What to press to leave all as it is. */
  readonly keep?: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onConfirm: () => void
}

/** Asks before something that cannot be undone. */
export function Confirm({ title, text, action, keep = 'Keep it', isOpen, onClose, onConfirm }: ConfirmProps) {
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose} role="alertdialog">
      <p className="soft">{text}</p>
      <div className="row row-end">
        <Button onPress={onClose}>{keep}</Button>
        <Button
          look="danger"
          onPress={() => {
            onClose()
            onConfirm()
          }}
        >
          {action}
        </Button>
      </div>
    </Dialog>
  )
}
