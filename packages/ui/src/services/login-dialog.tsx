import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Field } from '../components/field.tsx'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'

interface LoginDialogProps {
  readonly id: string
  readonly name: string
  readonly isOpen: boolean
  readonly onClose: () => void
}

/** The login that queries of shares use; the hub keeps it encrypted and never shows it again. */
export function LoginDialog({ id, name, isOpen, onClose }: LoginDialogProps) {
  return (
    <Dialog title={`Database login of “${name}”`} isOpen={isOpen} onClose={onClose}>
      <p className="soft">
        Use a role that may only read what you want to share. It is kept encrypted and never shown again.
      </p>
      <LoginForm id={id} onClose={onClose} />
    </Dialog>
  )
}

function LoginForm({ id, onClose }: Pick<LoginDialogProps, 'id' | 'onClose'>) {
  const hub = useHub()
  const [draft, setDraft] = useState({ username: '', password: '', database: '' })
  const save = useAction({
    changes: ['services'],
    run: async () =>
      hub.services.setCredentials.mutate({
        id,
        username: draft.username === '' ? null : draft.username,
        password: draft.password,
        database: draft.database === '' ? null : draft.database,
      }),
    done: ({ warning }: { warning: string | null }) => {
      onClose()
      return warning ?? 'The login is kept, encrypted.'
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
  return (
    <Form onSubmit={submit}>
      <Field label="User" autoComplete="off" {...field('username')} />
      <Field label="Password" type="password" autoComplete="new-password" isRequired {...field('password')} />
      <Field label="Database" hint="Empty: the user's default" {...field('database')} />
      <div className="row row-end">
        <Button onPress={onClose}>Cancel</Button>
        <Button look="main" type="submit" isDisabled={save.isPending}>
          {save.isPending ? 'Trying it …' : 'Save'}
        </Button>
      </div>
    </Form>
  )
}
