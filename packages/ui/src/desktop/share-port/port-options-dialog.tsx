import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../../components/button.tsx'
import { Choice } from '../../components/choice.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Field } from '../../components/field.tsx'
import { durations, isDuration, type Duration } from '../../shares/durations.ts'
import { emptyRules, toRules, type RulesDraft } from '../../shares/rules-draft.ts'
import { RulesFields } from '../../shares/rules-fields.tsx'
import type { DesktopShare } from '../desktop-contract.ts'
import { useOwnDesktop } from '../desktop-context.tsx'
import { useDesktopAction } from '../use-desktop-action.ts'
import type { Target } from './tell-port.ts'

interface PortOptionsDialogProps {
  /** Null while it is closed. */
  readonly target: Target | null
  readonly onClose: () => void
  readonly onShared: (share: DesktopShare) => void
}

/** Every option of a new share, for a port of this computer. */
export function PortOptionsDialog({ target, onClose, onShared }: PortOptionsDialogProps) {
  if (target === null) return null
  return (
    <Dialog title={`Share ${target.title}`} isOpen onClose={onClose}>
      <p className="soft">
        What listens at{' '}
        <code>
          {target.host}:{target.port}
        </code>
      </p>
      <PortOptions target={target} onClose={onClose} onShared={onShared} />
    </Dialog>
  )
}

function PortOptions({ target, onClose, onShared }: PortOptionsDialogProps & { readonly target: Target }) {
  const { defaultExpiry } = useOwnDesktop().state.settings
  const [name, setName] = useState(target.title)
  const [duration, setDuration] = useState<Duration>(isDuration(defaultExpiry) ? defaultExpiry : '24h')
  const [rules, setRules] = useState<RulesDraft>(emptyRules)
  const share = useDesktopAction('ports:share', {
    changes: ['shares', 'services'],
    done: (made) => {
      onClose()
      onShared(made)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const { port, host } = target
    share.mutate({ port, host, name: name.trim(), expiresIn: duration, ...toRules(rules) })
  }
  return (
    <Form onSubmit={submit}>
      <Field
        label="Name"
        name="name"
        hint="What the share is called in lists, logs and notifications. Visitors see it too."
        value={name}
        onChange={setName}
        isRequired
        maxLength={100}
      />
      <Choice label="Expires" value={duration} options={durations} onChange={setDuration} />
      <RulesFields draft={rules} onChange={setRules} isDatabase={target.isDatabase} />
      <div className="row row-end">
        <Button onPress={onClose}>Cancel</Button>
        <Button look="main" type="submit" isDisabled={share.isPending}>
          {share.isPending ? 'Sharing …' : 'Share'}
        </Button>
      </div>
    </Form>
  )
}
