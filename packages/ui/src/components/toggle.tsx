import { Switch } from 'react-aria-components'

interface ToggleProps {
  readonly text: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}

/** On or off, at once. */
export function Toggle({ text, isOn, onChange }: ToggleProps) {
  return (
    <Switch className="switch" isSelected={isOn} onChange={onChange}>
      <span className="switch-track" />
      {text}
    </Switch>
  )
}
