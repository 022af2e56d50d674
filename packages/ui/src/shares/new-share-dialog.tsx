import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { knownEngine, type CreatedShare, type Service } from '@private-connect/api/contracts'
import { Form } from 'react-aria-components'
import { Link } from 'wouter'
import { ShareCommands } from '../agents/share-commands.tsx'
import { Button } from '../components/button.tsx'
import { Choice } from '../components/choice.tsx'
import { Dialog } from '../components/dialog.tsx'
import { ListState } from '../components/list-state.tsx'
import { fieldErrors } from '../hub/field-errors.ts'
import { useDesktop } from '../desktop/desktop-context.tsx'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { LoginMissing } from '../queries/login-missing.tsx'
import { toExpiry, type ExpiryDraft } from './expiry-draft.ts'
import { ExpiryField } from './expiry-field.tsx'
import { NameFields } from './name-fields.tsx'
import { emptyRules, toRules, type RulesDraft } from './rules-draft.ts'
import { RulesFields } from './rules-fields.tsx'

interface NewShareDialogProps {
  readonly isOpen: boolean
  /** Which one it is about; else it is chosen. */
  readonly serviceId?: string
  readonly onClose: () => void
  readonly onCreated: (share: CreatedShare) => void
}

export function NewShareDialog({ isOpen, onClose, ...props }: NewShareDialogProps) {
  return (
    <Dialog title="New share" isOpen={isOpen} onClose={onClose}>
      <NewShare {...props} onClose={onClose} />
    </Dialog>
  )
}

function NewShare({ serviceId, onClose, onCreated }: Omit<NewShareDialogProps, 'isOpen'>) {
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
        firstId={serviceId ?? services[0]?.id ?? ''}
        onClose={onClose}
        onCreated={(share) => {
          onClose()
          onCreated(share)
        }}
      />
    </ListState>
  )
}

interface NewShareFormProps extends Pick<NewShareDialogProps, 'onClose' | 'onCreated'> {
  readonly services: readonly Service[]
  readonly firstId: string
}

function NewShareForm({ services, firstId, onClose, onCreated }: NewShareFormProps) {
  const hub = useHub()
  const [serviceId, setServiceId] = useState(firstId)
  const [names, setNames] = useState({ name: '', description: '' })
  const [expiry, setExpiry] = useState<ExpiryDraft>({ kind: '24h', at: '' })
  const [rules, setRules] = useState<RulesDraft>(emptyRules)
  const create = useAction({
    changes: ['shares'],
    fields: ['name', 'description'],
    run: async () =>
      hub.shares.create.mutate({
        serviceId,
        name: names.name.trim(),
        ...(names.description.trim() !== '' && { description: names.description.trim() }),
        ...toExpiry(expiry),
        ...toRules(rules),
      }),
    done: ({ share }: { share: CreatedShare }) => onCreated(share),
  })
  const service = services.find(({ id }) => id === serviceId)
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
      <LoginMissing service={service} />
      <NameFields draft={names} onChange={setNames} />
      <ExpiryField draft={expiry} onChange={setExpiry} />
      <RulesFields
        draft={rules}
        onChange={setRules}
        isDatabase={service !== undefined && knownEngine(service) !== null}
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
  const isInBrowser = useDesktop() === null
  return (
    <>
      {isInBrowser ? (
        <>
          <p>There is no service to share yet. On the machine with your app:</p>
          <ShareCommands />
        </>
      ) : (
        <p>
          There is no service to share yet. <Link href="/share">Share a port of this computer</Link>
        </p>
      )}
      <p className="soft">
        Or <Link href="/services">add one</Link> that the hub reaches by itself.
      </p>
      <div className="row row-end">
        <Button look="main" onPress={onClose}>
          Close
        </Button>
      </div>
    </>
  )
}
