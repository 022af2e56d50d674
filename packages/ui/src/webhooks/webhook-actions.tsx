import { useState } from 'react'
import type { Webhook } from '@private-connect/api/contracts'
import { Button } from '../components/button.tsx'
import { Confirm } from '../components/confirm.tsx'
import { Dialog } from '../components/dialog.tsx'
import { ShownOnce } from '../components/shown-once.tsx'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { ChangeWebhookDialog } from './change-webhook-dialog.tsx'
import { DeliveriesDialog } from './deliveries-dialog.tsx'

const changes = ['webhooks', 'deliveries']

export function WebhookActions({ webhook }: { readonly webhook: Webhook }) {
  const [opened, setOpened] = useState<'deliveries' | 'change' | null>(null)
  const close = () => setOpened(null)
  return (
    <div className="row">
      <Button onPress={() => setOpened('deliveries')}>Deliveries</Button>
      <TryAndSwitch webhook={webhook} />
      <Button onPress={() => setOpened('change')}>Change</Button>
      <NewSecret id={webhook.id} />
      <Delete id={webhook.id} />
      {opened === 'deliveries' ? <DeliveriesDialog webhook={webhook} onClose={close} /> : null}
      {opened === 'change' ? <ChangeWebhookDialog webhook={webhook} onClose={close} /> : null}
    </div>
  )
}

function TryAndSwitch({ webhook: { id, isEnabled } }: { readonly webhook: Webhook }) {
  const hub = useHub()
  const test = useAction({
    changes,
    run: async () => hub.webhooks.test.mutate({ id }),
    done: () => 'A test is on its way. Its outcome is among the deliveries.',
  })
  const change = useAction({
    changes,
    run: async () => hub.webhooks.update.mutate({ id, isEnabled: !isEnabled }),
    done: () => (isEnabled ? 'It is off.' : 'It is on again.'),
  })
  return (
    <>
      <Button onPress={() => test.mutate()} isDisabled={!isEnabled || test.isPending}>
        Send a test
      </Button>
      <Button onPress={() => change.mutate()} isDisabled={change.isPending}>
        {isEnabled ? 'Switch off' : 'Switch on'}
      </Button>
    </>
  )
}

function NewSecret({ id }: { readonly id: string }) {
  const hub = useHub()
  const [isAsked, setIsAsked] = useState(false)
  const rotate = useAction({ changes, run: async () => hub.webhooks.rotateSecret.mutate({ id }) })
  return (
    <>
      <Button look="quiet" onPress={() => setIsAsked(true)}>
        New secret
      </Button>
      <Confirm
        title="Make a new secret?"
        text="The old one signs beside it for a day, so that nothing is lost while you change it."
        action="Make a new secret"
        isOpen={isAsked}
        onClose={() => setIsAsked(false)}
        onConfirm={() => rotate.mutate()}
      />
      <Dialog title="The new secret" isOpen={rotate.isSuccess} onClose={() => rotate.reset()}>
        <ShownOnce
          label="Signing secret"
          value={rotate.data?.secret ?? ''}
          warning="It is shown this once. The former one signs beside it for 24 hours."
          onClose={() => rotate.reset()}
        />
      </Dialog>
    </>
  )
}

function Delete({ id }: { readonly id: string }) {
  const hub = useHub()
  const [isAsked, setIsAsked] = useState(false)
  const remove = useAction({
    changes,
    run: async () => hub.webhooks.delete.mutate({ id }),
    done: () => 'The webhook is deleted.',
  })
  return (
    <>
      <Button look="quiet" onPress={() => setIsAsked(true)}>
        Delete
      </Button>
      <Confirm
        title="Delete this webhook?"
        text="What waits for it is not sent any more."
        action="Delete"
        isOpen={isAsked}
        onClose={() => setIsAsked(false)}
        onConfirm={() => remove.mutate()}
      />
    </>
  )
}
