import { type FormEvent, useState } from 'react'
import { webhookEventTypes, type Webhook } from '@private-connect/api/contracts'
import { Form } from 'react-aria-components'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { fieldErrors } from '../hub/field-errors.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { WebhookFields, type WebhookDraft } from './webhook-fields.tsx'

interface ChangeWebhookDialogProps {
  readonly webhook: Webhook
  readonly onClose: () => void
}

export function ChangeWebhookDialog({ webhook, onClose }: ChangeWebhookDialogProps) {
  return (
    <Dialog title="Change the webhook" isOpen onClose={onClose}>
      <ChangeForm webhook={webhook} onClose={onClose} />
    </Dialog>
  )
}

function ChangeForm({ webhook, onClose }: ChangeWebhookDialogProps) {
  const hub = useHub()
  const { id, url, description, events } = webhook
  const [draft, setDraft] = useState<WebhookDraft>({
    url,
    description: description ?? '',
    events: webhookEventTypes.filter((type) => events.includes(type)),
  })
  const save = useAction({
    changes: ['webhooks'],
    fields: ['url', 'description'],
    run: async () =>
      hub.webhooks.update.mutate({
        id,
        url: draft.url.trim(),
        events: [...draft.events],
        description: draft.description.trim() === '' ? null : draft.description.trim(),
      }),
    done: () => {
      onClose()
      return 'The webhook is changed. Its secret stays.'
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Form onSubmit={submit} validationErrors={fieldErrors(save.error)}>
      <WebhookFields draft={draft} onChange={setDraft} />
      <div className="row row-end">
        <Button onPress={onClose}>Cancel</Button>
        <Button look="main" type="submit" isDisabled={save.isPending || draft.events.length === 0}>
          {save.isPending ? 'Saving …' : 'Save'}
        </Button>
      </div>
    </Form>
  )
}
