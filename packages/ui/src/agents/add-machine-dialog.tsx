import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { ShareCommands } from './share-commands.tsx'

interface AddMachineDialogProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

export function AddMachineDialog({ isOpen, onClose }: AddMachineDialogProps) {
  return (
    <Dialog title="Add a machine" isOpen={isOpen} onClose={onClose}>
      <p className="soft">
        The desktop app does it when it signs in. Without it, type this on the machine; the first line opens
        the browser to let it in, the second shares what listens on port 3000:
      </p>
      <ShareCommands />
      <div className="row row-end">
        <Button look="main" onPress={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  )
}
