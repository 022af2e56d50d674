import { type FormEvent, useState } from 'react'
import type { Service } from '@private-connect/api/contracts'
import { Form } from 'react-aria-components'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Toggle } from '../components/toggle.tsx'
import { fieldErrors } from '../hub/field-errors.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { draftOf, toTarget } from './service-draft.ts'
import { ServiceFields } from './service-fields.tsx'

interface ChangeServiceDialogProps {
  readonly service: Service
  readonly onClose: () => void
}

export function ChangeServiceDialog({ service, onClose }: ChangeServiceDialogProps) {
  return (
    <Dialog title={`Change “${service.name}”`} isOpen onClose={onClose}>
      <p className="soft">
        Its links stay. Where it leads elsewhere, visitors who have it open are cut off.
        {service.isExternal ? '' : ' Its machine still connects only to what was shared there.'}
      </p>
      <ChangeForm service={service} onClose={onClose} />
    </Dialog>
  )
}

/** What may turn out to be https. */
const webSpeech: ReadonlySet<string> = new Set(['auto', 'https'])

function ChangeForm({ service, onClose }: ChangeServiceDialogProps) {
  const hub = useHub()
  const { id, isExternal } = service
  const [draft, setDraft] = useState(() => draftOf(service))
  const [allowsSelfSigned, setAllowsSelfSigned] = useState(service.allowsSelfSigned)
  const save = useAction({
    changes: ['services'],
    fields: ['name', 'targetHost', 'targetPort'],
    run: async () =>
      hub.services.update.mutate({ id, ...toTarget(draft), ...(isExternal && { allowsSelfSigned }) }),
    done: () => {
      onClose()
      return `${draft.name} is changed.`
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Form onSubmit={submit} validationErrors={fieldErrors(save.error)}>
      <ServiceFields draft={draft} onChange={setDraft} />
      {isExternal && webSpeech.has(draft.speech) ? (
        <Toggle
          text="Its https certificate may be one that it signed itself"
          isOn={allowsSelfSigned}
          onChange={setAllowsSelfSigned}
        />
      ) : null}
      <div className="row row-end">
        <Button onPress={onClose}>Cancel</Button>
        <Button look="main" type="submit" isDisabled={save.isPending}>
          {save.isPending ? 'Saving …' : 'Save'}
        </Button>
      </div>
    </Form>
  )
}
