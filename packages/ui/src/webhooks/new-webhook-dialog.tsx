import { type FormEvent, useState } from 'react'
import { webhookEventTypes } from '@private-connect/api/contracts'
import { CheckboxGroup, Form, Label } from 'react-aria-components'
import { Button } from '../components/button.tsx'
import { CheckMark } from '../components/check-mark.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Field } from '../components/field.tsx'
import { ShownOnce } from '../components/shown-once.tsx'
import { fieldErrors } from '../hub/field-errors.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'

const secretHint = 'It is shown this once. Check every request by it, as docs/webhooks.md shows.'

type EventName = (typeof webhookEventTypes)[number]

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

function NewWebhook({ onClose }: Pick<NewWebhookDialogProps, 'onClose'>) {
  const hub = useHub()
  const [url, setUrl] = useState('')
  const [events, setEvents] = useState<readonly EventName[]>(webhookEventTypes)
  const create = useAction({
    changes: ['webhooks'],
    run: async () => hub.webhooks.create.mutate({ url: url.trim(), events: [...events] }),
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
      <Field
        label="Address"
        name="url"
        placeholder="https://hooks.example.com/private-connect"
        value={url}
        onChange={setUrl}
        isRequired
      />
      <CheckboxGroup
        className="field"
        value={[...events]}
        onChange={(chosen) => setEvents(webhookEventTypes.filter((type) => chosen.includes(type)))}
      >
        <Label>Events</Label>
        {webhookEventTypes.map((type) => (
          <CheckMark key={type} value={type} text={type} />
        ))}
      </CheckboxGroup>
      <div className="row row-end">
        <Button onPress={onClose}>Cancel</Button>
        <Button look="main" type="submit" isDisabled={create.isPending || events.length === 0}>
          Create
        </Button>
      </div>
    </Form>
  )
}
