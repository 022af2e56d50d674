import { Field } from '../components/field.tsx'

interface NameDraft {
  readonly name: string
  readonly description: string
}

interface NameFieldsProps {
  readonly draft: NameDraft
  readonly onChange: (draft: NameDraft) => void
}

/** What a share is called, and what for. */
export function NameFields({ draft, onChange }: NameFieldsProps) {
  return (
    <>
      <Field
        label="Name"
        name="name"
        hint="What the share is called in lists, logs and notifications. Visitors see it too."
        value={draft.name}
        onChange={(name) => onChange({ ...draft, name })}
        isRequired
        maxLength={100}
      />
      <Field
        label="What it is for (optional)"
        name="description"
        value={draft.description}
        onChange={(description) => onChange({ ...draft, description })}
        maxLength={500}
      />
    </>
  )
}
