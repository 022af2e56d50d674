import { useContext, useState } from 'react'
import {
  FieldError,
  FieldErrorContext,
  Input,
  Label,
  Text,
  TextArea,
  TextField,
  type TextFieldProps,
} from 'react-aria-components'

interface FieldProps extends TextFieldProps {
  readonly label: string
  readonly hint?: string
  readonly placeholder?: string
  /** What is wrong with it; stays until the next try, so that nothing moves under the pointer meanwhile. */
  readonly problem?: string | undefined
  /** More than one line. */
  readonly rows?: number
}

export function Field({ label, hint, placeholder = '', problem, rows, ...props }: FieldProps) {
  return (
    <TextField {...props} {...(problem !== undefined && { isInvalid: true })} className="field">
      <Label>{label}</Label>
      {rows === undefined ? (
        <Input placeholder={placeholder} />
      ) : (
        <TextArea rows={rows} placeholder={placeholder} />
      )}
      {hint === undefined ? null : (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <Problem problem={problem} />
    </TextField>
  )
}

/**
 * A press on a form's button first leaves the field, and that ends what was wrong with it. The room of the words stays all the same:
 * else the button moves away from under the pointer, and the press is lost.
 */
function Problem({ problem }: Pick<FieldProps, 'problem'>) {
  const validation = useContext(FieldErrorContext)
  const isInvalid = validation?.isInvalid === true
  const text = isInvalid ? (problem ?? validation.validationErrors.join(' ')) : ''
  const [last, setLast] = useState(text)
  if (isInvalid && text !== last) setLast(text)
  if (!isInvalid) {
    return last === '' ? null : (
      <span className="field-error field-error-past" aria-hidden>
        {last}
      </span>
    )
  }
  if (problem === undefined) return <FieldError className="field-error" />
  return (
    <FieldError className="field-error">
      <span role="alert">{problem}</span>
    </FieldError>
  )
}
