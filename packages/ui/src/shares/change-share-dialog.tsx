import { type FormEvent, useState } from 'react'
import { knownEngine, type Service, type Share } from '@private-connect/api/contracts'
import { Form } from 'react-aria-components'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { writeTime } from '../components/time.ts'
import { fieldErrors } from '../hub/field-errors.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { toExpiry, type ExpiryDraft } from './expiry-draft.ts'
import { ExpiryField } from './expiry-field.tsx'
import { NameFields } from './name-fields.tsx'
import { draftOf, toChangedRules } from './rules-draft.ts'
import { RulesFields } from './rules-fields.tsx'

interface ChangeShareDialogProps {
  readonly share: Share
  readonly service: Service | undefined
  readonly onClose: () => void
}

/** Everything about a share but its link and its service. */
export function ChangeShareDialog({ share, service, onClose }: ChangeShareDialogProps) {
  return (
    <Dialog title={`Change “${share.name}”`} isOpen onClose={onClose}>
      <p className="soft">
        The link stays as it is. Where visitors may do less than before, they are cut off.
      </p>
      <ChangeForm share={share} service={service} onClose={onClose} />
    </Dialog>
  )
}

function ChangeForm({ share, service, onClose }: ChangeShareDialogProps) {
  const hub = useHub()
  const [names, setNames] = useState({ name: share.name, description: share.description ?? '' })
  const [expiry, setExpiry] = useState<ExpiryDraft>({ kind: 'keep', at: '' })
  const [rules, setRules] = useState(() => draftOf(share))
  const description = names.description.trim()
  const save = useAction({
    changes: ['shares'],
    fields: ['name', 'description'],
    run: async () =>
      hub.shares.update.mutate({
        id: share.id,
        name: names.name.trim(),
        description: description === '' ? null : description,
        ...toExpiry(expiry),
        ...toChangedRules(rules),
      }),
    done: () => {
      onClose()
      return 'Saved. It holds from the next request on.'
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Form onSubmit={submit} validationErrors={fieldErrors(save.error)}>
      <NameFields draft={names} onChange={setNames} />
      <ExpiryField
        draft={expiry}
        onChange={setExpiry}
        keep={share.expiresAt === null ? 'As it is: never' : `As it is: ${writeTime(share.expiresAt)}`}
      />
      <RulesFields
        draft={rules}
        onChange={setRules}
        isDatabase={service !== undefined && knownEngine(service) !== null}
        isOpen
      />
      <div className="row row-end">
        <Button onPress={onClose}>Cancel</Button>
        <Button look="main" type="submit" isDisabled={save.isPending}>
          {save.isPending ? 'Saving …' : 'Save'}
        </Button>
      </div>
    </Form>
  )
}
