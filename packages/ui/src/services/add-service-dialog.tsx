import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { fieldErrors } from '../hub/field-errors.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { emptyService, toTarget } from './service-draft.ts'
import { ServiceFields } from './service-fields.tsx'

interface AddServiceDialogProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

export function AddServiceDialog({ isOpen, onClose }: AddServiceDialogProps) {
  return (
    <Dialog title="Add a service" isOpen={isOpen} onClose={onClose}>
      <p className="soft">
        For a target that the hub itself can reach. For an app on another machine, use the desktop app or
        <code> npx private-connect share</code> there.
      </p>
      <AddServiceForm onClose={onClose} />
    </Dialog>
  )
}

function AddServiceForm({ onClose }: { readonly onClose: () => void }) {
  const hub = useHub()
  const [draft, setDraft] = useState(emptyService)
  const add = useAction({
    changes: ['services'],
    fields: ['name', 'targetHost', 'targetPort'],
    run: async () => {
      const { engine, ...target } = toTarget(draft)
      return hub.services.registerExternal.mutate({ ...target, ...(engine !== null && { engine }) })
    },
    done: () => {
      onClose()
      return `${draft.name} is added.`
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate()
  }
  return (
    <Form onSubmit={submit} validationErrors={fieldErrors(add.error)}>
      <ServiceFields draft={draft} onChange={setDraft} />
      <div className="row row-end">
        <Button onPress={onClose}>Cancel</Button>
        <Button look="main" type="submit" isDisabled={add.isPending}>
          {add.isPending ? 'Adding …' : 'Add'}
        </Button>
      </div>
    </Form>
  )
}
