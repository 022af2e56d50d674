import { Button } from './button.tsx'
import { Secret } from './secret.tsx'

interface ShownOnceProps {
  readonly label: string
  readonly value: string
  readonly warning: string
  readonly onClose: () => void
}

/** The end of a dialog that made a secret. */
export function ShownOnce({ onClose, ...secret }: ShownOnceProps) {
  return (
    <>
      <Secret {...secret} />
      <div className="row row-end">
        <Button look="main" onPress={onClose}>
          Done
        </Button>
      </div>
    </>
  )
}
