import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { CreatedShare, Service } from '@private-connect/api/contracts'
import { Form } from 'react-aria-components'
import { Button } from '../components/button.tsx'
import { Choice } from '../components/choice.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Field } from '../components/field.tsx'
import { ListState } from '../components/list-state.tsx'
import { fieldErrors } from '../hub/field-errors.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { emptyRules, RulesFields, toRules, type RulesDraft } from './rules-fields.tsx'
import { durations, type Duration } from './durations.ts'

const nameHint = 'What the share is called in lists, logs and notifications. Visitors see it too.'

interface NewShareDialogProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onCreated: (share: CreatedShare) => void
}

export function NewShareDialog({ isOpen, onClose, onCreated }: NewShareDialogProps) {
  return (
    <Dialog title="New share" isOpen={isOpen} onClose={onClose}>
      <NewShare onClose={onClose} onCreated={onCreated} />
    </Dialog>
  )
}

function NewShare({ onClose, onCreated }: Omit<NewShareDialogProps, 'isOpen'>) {
  const hub = useHub()
  const query = useQuery({
    queryKey: ['services', 'all'],
    queryFn: async () => hub.services.list.query({ limit: 100 }),
  })
  const services = query.data?.items ?? []
  return (
    <ListState query={query} isEmpty={services.length === 0} empty={<NoServices onClose={onClose} />}>
      <NewShareForm
        services={services}
        onClose={onClose}
        onCreated={(share) => {
          onClose()
          onCreated(share)
        }}
      />
    </ListState>
  )
}

interface NewShareFormProps extends Omit<NewShareDialogProps, 'isOpen'> {
  readonly services: readonly Service[]
}

function NewShareForm({ services, onClose, onCreated }: NewShareFormProps) {
  const hub = useHub()
  const [serviceId, setServiceId] = useState(services[0]?.id ?? '')
  const [name, setName] = useState('')
  const [duration, setDuration] = useState<Duration>('24h')
  const [rules, setRules] = useState<RulesDraft>(emptyRules)
  const create = useAction({
    changes: ['shares'],
    run: async () =>
      hub.shares.create.mutate({ serviceId, name: name.trim(), expiresIn: duration, ...toRules(rules) }),
    done: ({ share }: { share: CreatedShare }) => onCreated(share),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate()
  }
  return (
    <Form onSubmit={submit} validationErrors={fieldErrors(create.error)}>
      <Choice
        label="Service"
        value={serviceId}
        options={services.map((item) => [item.id, `${item.name} (${item.targetHost}:${item.targetPort})`])}
        onChange={setServiceId}
      />
      <Field
        label="Name"
        name="name"
        hint={nameHint}
        value={name}
        onChange={setName}
        isRequired
        maxLength={100}
      />
      <Choice label="Expires" value={duration} options={durations} onChange={setDuration} />
      <RulesFields
        draft={rules}
        onChange={setRules}
        isDatabase={services.find(({ id }) => id === serviceId)?.protocol === 'tcp'}
      />
      <div className="row row-end">
        <Button onPress={onClose}>Cancel</Button>
        <Button look="main" type="submit" isDisabled={create.isPending}>
          {create.isPending ? 'Sharing …' : 'Share'}
        </Button>
      </div>
    </Form>
  )
}

function NoServices({ onClose }: { readonly onClose: () => void }) {
  return (
    <>
      <p>There is no service to share yet. On the machine with your app:</p>
      <pre>npx private-connect login && npx private-connect share 3000</pre>
      <p className="soft">Or add one that the hub reaches by itself, under Services.</p>
      <div className="row row-end">
        <Button look="main" onPress={onClose}>
          Close
        </Button>
      </div>
    </>
  )
}
