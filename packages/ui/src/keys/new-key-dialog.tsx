import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Field } from '../components/field.tsx'
import { ShownOnce } from '../components/shown-once.tsx'
import { fieldErrors } from '../hub/field-errors.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'

interface NewKeyDialogProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

export function NewKeyDialog({ isOpen, onClose }: NewKeyDialogProps) {
  return (
    <Dialog title="New API key" isOpen={isOpen} onClose={onClose}>
      <NewKey onClose={onClose} />
    </Dialog>
  )
}

function NewKey({ onClose }: Pick<NewKeyDialogProps, 'onClose'>) {
  const hub = useHub()
  const [name, setName] = useState('')
  const create = useAction({
    changes: ['keys'],
    fields: ['name'],
    run: async () => hub.apiKeys.create.mutate({ name: name.trim() }),
  })
  if (create.isSuccess) {
    return (
      <ShownOnce
        label="Your key"
        value={create.data.key}
        warning="It is shown this once. Send it as the header x-api-key."
        onClose={onClose}
      />
    )
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate()
  }
  return (
    <Form onSubmit={submit} validationErrors={fieldErrors(create.error)}>
      <Field
        label="Name"
        name="name"
        hint="What it is for, such as “deploy script”."
        value={name}
        onChange={setName}
        isRequired
        maxLength={50}
      />
      <div className="row row-end">
        <Button onPress={onClose}>Cancel</Button>
        <Button look="main" type="submit" isDisabled={create.isPending}>
          Create
        </Button>
      </div>
    </Form>
  )
}
