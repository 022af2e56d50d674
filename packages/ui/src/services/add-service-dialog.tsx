import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../components/button.tsx'
import { Choice } from '../components/choice.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Field } from '../components/field.tsx'
import { fieldErrors } from '../hub/field-errors.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'

const protocols = [
  ['auto', 'Find out'],
  ['http', 'http'],
  ['https', 'https'],
  ['tcp', 'A database, or other TCP'],
] as const

type Protocol = (typeof protocols)[number][0]

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
  const [draft, setDraft] = useState({ name: '', targetHost: '', targetPort: '' })
  const [protocol, setProtocol] = useState<Protocol>('auto')
  const add = useAction({
    changes: ['services'],
    run: hub.services.registerExternal.mutate,
    done: () => {
      onClose()
      return `${draft.name} is added.`
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate({ ...draft, targetPort: Number(draft.targetPort), protocol })
  }
  const field = (name: keyof typeof draft) => ({
    name,
    value: draft[name],
    onChange: (value: string) => setDraft({ ...draft, [name]: value.trim() }),
    isRequired: true,
  })
  return (
    <Form onSubmit={submit} validationErrors={fieldErrors(add.error)}>
      <Field label="Name" hint="Letters, digits, - and _" {...field('name')} />
      <Field label="Host" placeholder="db.internal" {...field('targetHost')} />
      <Field label="Port" inputMode="numeric" placeholder="5432" {...field('targetPort')} />
      <Choice label="It speaks" value={protocol} options={protocols} onChange={setProtocol} />
      <div className="row row-end">
        <Button onPress={onClose}>Cancel</Button>
        <Button look="main" type="submit" isDisabled={add.isPending}>
          Add
        </Button>
      </div>
    </Form>
  )
}
