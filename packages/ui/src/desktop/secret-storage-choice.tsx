import { Label, Radio, RadioGroup, Text } from 'react-aria-components'
import { useOwnDesktop } from './desktop-context.tsx'
import { useDesktopAction } from './use-desktop-action.ts'

const choices = [
  ['memory', 'Ask again after each start', 'Nothing is written to the disk.'],
  [
    'plain-file',
    'Keep it in a file',
    'Not encrypted. Whoever can read your files, such as an administrator or a backup, can use it.',
  ],
] as const

type Storage = (typeof choices)[number][0]

/** Asked only where the system has no place that encrypts secrets. */
export function SecretStorageChoice() {
  const { hasKeyring, secretStorage } = useOwnDesktop().state
  const choose = useDesktopAction('secrets:choose')
  if (hasKeyring) return null
  return (
    <RadioGroup
      className="field callout callout-late"
      value={secretStorage}
      onChange={(value) => choose.mutate({ storage: value as Storage })}
    >
      <Label>This system has no keyring. Where should your sign-in be kept?</Label>
      {choices.map(([value, text, explanation]) => (
        <Radio key={value} value={value} className="radio">
          <span className="radio-dot" />
          <span>
            {text}
            <span className="hint">{explanation}</span>
          </span>
        </Radio>
      ))}
      <Text slot="description" className="hint">
        With a keyring (GNOME Keyring or KWallet) it is kept encrypted, after the next start of the app.
      </Text>
    </RadioGroup>
  )
}
