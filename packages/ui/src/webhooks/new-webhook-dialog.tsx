import { type FormEvent, useState } from 'react'
import { webhookEventTypes } from '@private-connect/api/contracts'
import { Form } from 'react-aria-components'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { ShownOnce } from '../components/shown-once.tsx'
import { fieldErrors } from '../hub/field-errors.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { WebhookFields, type WebhookDraft } from './webhook-fields.tsx'

const secretHint =
  'It is shown this once. Your endpoint checks the webhook-signature header by it: the Standard Webhooks libraries do.'

interface NewWebhookDialogProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

export function NewWebhookDialog({ isOpen, onClose }: NewWebhookDialogProps) {
  return (
    <Dialog title="New webhook" isOpen={isOpen} onClose={onClose}>
      <NewWebhook onClose={onClose} />
    </Dialog>
  )
}

const emptyWebhook: WebhookDraft = { url: '', description: '', events: webhookEventTypes }

function NewWebhook({ onClose }: Pick<NewWebhookDialogProps, 'onClose'>) {
  const hub = useHub()
  const [draft, setDraft] = useState(emptyWebhook)
  const description = draft.description.trim()
  const create = useAction({
    changes: ['webhooks'],
    fields: ['url', 'description'],
    run: async () =>
      hub.webhooks.create.mutate({
        url: draft.url.trim(),
        events: [...draft.events],
        ...(description !== '' && { description }),
      }),
  })
  if (create.isSuccess) {
    return (
      <ShownOnce label="Signing secret" value={create.data.secret} warning={secretHint} onClose={onClose} />
    )
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate()
  }
  return (
    <Form onSubmit={submit} validationErrors={fieldErrors(create.error)}>
      <WebhookFields draft={draft} onChange={setDraft} />
      <div className="row row-end">
        <Button onPress={onClose}>Cancel</Button>
        <Button look="main" type="submit" isDisabled={create.isPending || draft.events.length === 0}>
          {create.isPending ? 'Creating …' : 'Create'}
        </Button>
      </div>
    </Form>
  )
}
