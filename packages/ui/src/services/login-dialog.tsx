import { type FormEvent, useState } from 'react'
import type { Service } from '@private-connect/api/contracts'
import { Checkbox, Form } from 'react-aria-components'
import { Check } from 'lucide-react'
import { Button } from '../components/button.tsx'
import { Choice } from '../components/choice.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Field } from '../components/field.tsx'
import { fieldErrors } from '../hub/field-errors.ts'
import { describeFailure } from '../hub/hub-client.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'

interface LoginDialogProps {
  readonly service: Service
  readonly isOpen: boolean
  readonly onClose: () => void
}

/** The login that queries of shares use; the hub keeps it encrypted and never shows it again. */
export function LoginDialog({ service, isOpen, onClose }: LoginDialogProps) {
  return (
    <Dialog title={`Database login of “${service.name}”`} isOpen={isOpen} onClose={onClose}>
      <p className="soft">
        Use a role that may only read what you want to share. It is kept encrypted and never shown again.
        {service.hasCredentials ? ' A login is kept already; this one replaces it.' : ''}
      </p>
      <LoginForm service={service} onClose={onClose} />
    </Dialog>
  )
}

const tlsChoices = [
  ['auto', 'Yes, except on a machine of its own'],
  ['on', 'Always'],
  ['off', 'Never'],
] as const

const emptyLogin = { username: '', password: '', database: '' }

function LoginForm({ service: { id, hasCredentials }, onClose }: Omit<LoginDialogProps, 'isOpen'>) {
  const hub = useHub()
  const [draft, setDraft] = useState(emptyLogin)
  const [tls, setTls] = useState<(typeof tlsChoices)[number][0]>('auto')
  const [allowPrivilegedRole, setAllowPrivilegedRole] = useState(false)
  const save = useAction({
    changes: ['services'],
    run: async () =>
      hub.services.setCredentials.mutate({
        id,
        username: draft.username === '' ? null : draft.username,
        password: draft.password,
        database: draft.database === '' ? null : draft.database,
        tls: tls === 'auto' ? null : tls === 'on',
        allowPrivilegedRole,
      }),
    done: ({ warning }: { warning: string | null }) => {
      onClose()
      return warning ?? 'The login works and is kept, encrypted.'
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  const field = (name: keyof typeof draft) => ({
    name,
    value: draft[name],
    onChange: (value: string) => setDraft({ ...draft, [name]: value }),
  })
  const isPrivileged = save.isError && describeFailure(save.error).code === 'query.role_refused'
  return (
    <Form onSubmit={submit} validationErrors={fieldErrors(save.error)}>
      <Field label="User" autoComplete="off" {...field('username')} />
      <Field label="Password" type="password" autoComplete="new-password" isRequired {...field('password')} />
      <Field label="Database" hint="Empty: the user's default" {...field('database')} />
      <Choice label="Encrypted connection (TLS)" value={tls} options={tlsChoices} onChange={setTls} />
      {isPrivileged || allowPrivilegedRole ? (
        <AllowPrivileged isAllowed={allowPrivilegedRole} onChange={setAllowPrivilegedRole} />
      ) : null}
      <div className="row row-end">
        {hasCredentials ? <RemoveLogin id={id} onRemoved={onClose} /> : null}
        <Button onPress={onClose}>Cancel</Button>
        <Button look="main" type="submit" isDisabled={save.isPending}>
          {save.isPending ? 'Trying it …' : 'Save'}
        </Button>
      </div>
    </Form>
  )
}

interface AllowPrivilegedProps {
  readonly isAllowed: boolean
  readonly onChange: (isAllowed: boolean) => void
}

function AllowPrivileged({ isAllowed, onChange }: AllowPrivilegedProps) {
  return (
    <Checkbox className="checkbox" isSelected={isAllowed} onChange={onChange}>
      <span className="checkbox-box">
        <Check aria-hidden size={14} />
      </span>
      Keep it although it may do more than queries should
    </Checkbox>
  )
}

function RemoveLogin({ id, onRemoved }: { readonly id: string; readonly onRemoved: () => void }) {
  const hub = useHub()
  const remove = useAction({
    changes: ['services'],
    run: async () => hub.services.removeCredentials.mutate({ id }),
    done: () => {
      onRemoved()
      return 'The login is removed. Queries are refused until there is a new one.'
    },
  })
  return (
    <Button look="danger" onPress={() => remove.mutate()}>
      Remove the login
    </Button>
  )
}
