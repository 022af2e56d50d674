import { CopyButton } from './copy-button.tsx'

interface SecretProps {
  readonly label: string
  readonly value: string
  readonly warning: string
}

/** Something that is shown this once. */
export function Secret({ label, value, warning }: SecretProps) {
  return (
    <div className="secret">
      <p className="secret-label">{label}</p>
      <div className="row">
        <code className="secret-value">{value}</code>
        <CopyButton text={value} label="Copy" />
      </div>
      <p className="hint">{warning}</p>
    </div>
  )
}
