import { webhookEventTypes } from '@private-connect/api/contracts'
import { CheckboxGroup, Label } from 'react-aria-components'
import { CheckMark } from '../components/check-mark.tsx'
import { Field } from '../components/field.tsx'
import { eventWords, type EventName } from './event-words.ts'

export interface WebhookDraft {
  readonly url: string
  readonly description: string
  readonly events: readonly EventName[]
}

interface WebhookFieldsProps {
  readonly draft: WebhookDraft
  readonly onChange: (draft: WebhookDraft) => void
}

/** Where to, and of what. */
export function WebhookFields({ draft, onChange }: WebhookFieldsProps) {
  return (
    <>
      <Field
        label="Address"
        name="url"
        placeholder="https://hooks.example.com/private-connect"
        value={draft.url}
        onChange={(url) => onChange({ ...draft, url })}
        isRequired
      />
      <Field
        label="What it is for (optional)"
        name="description"
        value={draft.description}
        onChange={(description) => onChange({ ...draft, description })}
        maxLength={200}
      />
      <CheckboxGroup
        className="field"
        value={[...draft.events]}
        onChange={(chosen) =>
          onChange({ ...draft, events: webhookEventTypes.filter((type) => chosen.includes(type)) })
        }
      >
        <Label>It is told when</Label>
        {webhookEventTypes.map((type) => (
          <CheckMark key={type} value={type} text={`${eventWords[type]} (${type})`} />
        ))}
      </CheckboxGroup>
    </>
  )
}
