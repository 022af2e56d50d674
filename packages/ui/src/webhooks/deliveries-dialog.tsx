import { useState } from 'react'
import type { Webhook } from '@private-connect/api/contracts'
import { Badge } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { Choice } from '../components/choice.tsx'
import { Dialog } from '../components/dialog.tsx'
import { ListState } from '../components/list-state.tsx'
import { ShowMore } from '../components/show-more.tsx'
import { tellPast, tellTime } from '../components/time.ts'
import { useNow } from '../components/use-now.ts'
import type { HubClient } from '../hub/hub-client.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { usePages } from '../hub/use-pages.ts'

type Delivery = Awaited<ReturnType<HubClient['webhooks']['listDeliveries']['query']>>['items'][number]

const states = {
  pending: ['late', 'Waiting'],
  delivered: ['good', 'Delivered'],
  exhausted: ['bad', 'Given up'],
  cancelled: ['quiet', 'Cancelled'],
} as const

const choices = [
  ['all', 'All'],
  ['pending', 'Waiting'],
  ['delivered', 'Delivered'],
  ['exhausted', 'Given up'],
] as const

type Shown = (typeof choices)[number][0]

interface DeliveriesDialogProps {
  readonly webhook: Webhook
  readonly onClose: () => void
}

export function DeliveriesDialog({ webhook: { id, url }, onClose }: DeliveriesDialogProps) {
  const hub = useHub()
  const nowMs = useNow()
  const [shown, setShown] = useState<Shown>('all')
  const pages = usePages({
    key: ['deliveries', id, shown],
    read: async (page) =>
      hub.webhooks.listDeliveries.query({ id, ...(shown !== 'all' && { status: shown }), ...page }),
    refetchMs: 3_000,
  })
  return (
    <Dialog title="Deliveries" isOpen onClose={onClose}>
      <p className="soft wrap">{url}</p>
      <div className="row row-choice">
        <Choice label="Show" value={shown} options={choices} onChange={setShown} />
        <SendGivenUp id={id} />
      </div>
      <ListState
        query={pages}
        isEmpty={pages.items.length === 0}
        empty={
          <p className="soft">
            {shown === 'all' ? 'Nothing was sent yet. “Send a test” sends something.' : 'None is like that.'}
          </p>
        }
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

/** After an endpoint was mended: everything that was given up, ten a second. */
function SendGivenUp({ id }: { readonly id: string }) {
  const hub = useHub()
  const send = useAction({
    changes: ['deliveries'],
    run: async () => hub.webhooks.redeliverMany.mutate({ id, status: 'exhausted' }),
    done: ({ count }: { count: number }) =>
      count === 0 ? 'None was given up.' : `${count} are sent again, ten a second.`,
  })
  return (
    <Button onPress={() => send.mutate()} isDisabled={send.isPending}>
      Send again what was given up
    </Button>
  )
}

function DeliveryCard({ delivery, nowMs }: { readonly delivery: Delivery; readonly nowMs: number }) {
  const hub = useHub()
  const {
    id,
    event,
    status,
    attemptCount,
    nextAttemptAt,
    lastStatusCode,
    lastError,
    lastLatencyMs,
    createdAt,
  } = delivery
  const [tone, word] = states[status]
  const again = useAction({
    changes: ['deliveries'],
    run: async () => hub.webhooks.redeliver.mutate({ id }),
    done: () => 'It is sent again.',
  })
  return (
    <>
      <span className="card-head">
        <strong>{event}</strong>
        <Badge tone={tone}>{word}</Badge>
      </span>
      <span className="card-facts">
        <span>{tellPast(createdAt, nowMs)}</span>
        <span>{attemptCount === 1 ? '1 attempt' : `${attemptCount} attempts`}</span>
        {lastStatusCode === null || lastError !== null ? null : <span>answered {lastStatusCode}</span>}
        {lastError === null ? null : <span>{lastError.replace(/\.$/, '')}</span>}
        {lastLatencyMs === null ? null : <span>{lastLatencyMs} ms</span>}
        {nextAttemptAt === null ? null : <span>tried again {tellTime(nextAttemptAt, nowMs)}</span>}
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
