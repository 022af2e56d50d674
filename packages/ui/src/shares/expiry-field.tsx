import { Choice } from '../components/choice.tsx'
import { Field } from '../components/field.tsx'
import { expiryKinds, type ExpiryDraft } from './expiry-draft.ts'

interface ExpiryFieldProps {
  readonly draft: ExpiryDraft
  readonly onChange: (draft: ExpiryDraft) => void
  /** What keeping it as it is means; without it there is nothing to keep. */
  readonly keep?: string
}

/** When a share ends. */
export function ExpiryField({ draft, onChange, keep }: ExpiryFieldProps) {
  const kinds = keep === undefined ? expiryKinds : [['keep', keep] as const, ...expiryKinds]
  return (
    <>
      <Choice
        label="Ends"
        value={draft.kind}
        options={kinds}
        onChange={(kind) => onChange({ ...draft, kind })}
      />
      {draft.kind === 'at' ? (
        <Field
          label="Ends at"
          name="expiresAt"
          type="datetime-local"
          isRequired
          value={draft.at}
          onChange={(at) => onChange({ ...draft, at })}
        />
      ) : null}
    </>
  )
}
