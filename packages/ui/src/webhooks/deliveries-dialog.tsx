import type { Webhook } from '@private-connect/api/contracts'
import { Badge } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { ListState } from '../components/list-state.tsx'
import { ShowMore } from '../components/show-more.tsx'
import { tellTime } from '../components/time.ts'
import { useNow } from '../components/use-now.ts'
import type { HubClient } from '../hub/hub-client.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { usePages } from '../hub/use-pages.ts'

type Delivery = Awaited<ReturnType<HubClient['webhooks']['listDeliveries']['query']>>['items'][number]

const tones = { pending: 'late', delivered: 'good', exhausted: 'bad', cancelled: 'quiet' } as const

interface DeliveriesDialogProps {
  readonly webhook: Webhook
  readonly onClose: () => void
}

export function DeliveriesDialog({ webhook: { id, url }, onClose }: DeliveriesDialogProps) {
  const hub = useHub()
  const nowMs = useNow()
  const pages = usePages({
    key: ['deliveries', id],
    read: async (page) => hub.webhooks.listDeliveries.query({ id, ...page }),
    refetchMs: 3_000,
  })
  return (
    <Dialog title="Deliveries" isOpen onClose={onClose}>
      <p className="soft wrap">{url}</p>
      <ListState
        query={pages}
        isEmpty={pages.items.length === 0}
        empty={<p className="soft">Nothing was sent yet. “Send a test” sends something.</p>}
      >
        <ul className="cards">
          {pages.items.map((delivery) => (
            <li key={delivery.id} className="card">
              <DeliveryCard delivery={delivery} nowMs={nowMs} />
            </li>
          ))}
        </ul>
        <ShowMore pages={pages} />
      </ListState>
      <div className="row row-end">
        <Button look="main" onPress={onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  )
}

function DeliveryCard({ delivery, nowMs }: { readonly delivery: Delivery; readonly nowMs: number }) {
  const hub = useHub()
  const { id, event, status, attemptCount, nextAttemptAt, lastStatusCode, lastError, createdAt } = delivery
  const again = useAction({
    changes: ['deliveries'],
    run: async () => hub.webhooks.redeliver.mutate({ id }),
    done: () => 'It is sent again.',
  })
  return (
    <>
      <span className="card-head">
        <strong>{event}</strong>
        <Badge tone={tones[status]}>{status}</Badge>
      </span>
      <span className="card-facts">
        <span>{tellTime(createdAt, nowMs)}</span>
        <span>{attemptCount === 1 ? '1 attempt' : `${attemptCount} attempts`}</span>
        {lastStatusCode === null ? null : <span>answered {lastStatusCode}</span>}
        {lastError === null ? null : <span>{lastError}</span>}
        {nextAttemptAt === null ? null : <span>next {tellTime(nextAttemptAt, nowMs)}</span>}
      </span>
      {status === 'pending' ? null : (
        <div className="row">
          <Button look="quiet" onPress={() => again.mutate()}>
            Send again
          </Button>
        </div>
      )}
    </>
  )
}
