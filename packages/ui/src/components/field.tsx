import {
  FieldError,
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
      {problem === undefined ? (
        <FieldError className="field-error" />
      ) : (
        <FieldError className="field-error">
          <span role="alert">{problem}</span>
        </FieldError>
      )}
    </TextField>
  )
}
