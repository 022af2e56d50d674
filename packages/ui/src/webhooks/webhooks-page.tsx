import { Plus } from 'lucide-react'
import { useState } from 'react'
import { webhookEventTypes, type Webhook } from '@private-connect/api/contracts'
import { Badge } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { ListState } from '../components/list-state.tsx'
import { PageHead } from '../components/page-head.tsx'
import { ShowMore } from '../components/show-more.tsx'
import { tellPast, tellTime } from '../components/time.ts'
import { useNow } from '../components/use-now.ts'
import { useHub } from '../hub/hub-context.tsx'
import { usePages } from '../hub/use-pages.ts'
import { tellEvents } from './event-words.ts'
import { NewWebhookDialog } from './new-webhook-dialog.tsx'
import { WebhookActions } from './webhook-actions.tsx'

const endings = {
  user: 'Switched off',
  gone: 'Ended by its endpoint',
  failing: 'Ended after five days of failures',
} as const

export function WebhooksPage() {
  const hub = useHub()
  const [isCreating, setIsCreating] = useState(false)
  const pages = usePages({
    key: ['webhooks'],
    read: async (page) => hub.webhooks.list.query(page),
    refetchMs: 3_000,
  })
  return (
    <>
      <PageHead
        title="Webhooks"
        text="Programs of yours that are told what happens, by signed requests that are repeated until they arrive."
      >
        <Button look="main" onPress={() => setIsCreating(true)}>
          <Plus aria-hidden size={16} /> New webhook
        </Button>
      </PageHead>
      <ListState
        query={pages}
        isEmpty={pages.items.length === 0}
        empty={
          <>
            <h2>No webhooks yet</h2>
            <p className="soft">
              Give an https address of yours, and it is told of visits, refusals, ends and machines that go
              away.
            </p>
          </>
        }
      >
        <ul className="cards">
          {pages.items.map((webhook) => (
            <li key={webhook.id} className="card">
              <WebhookCard webhook={webhook} />
            </li>
          ))}
        </ul>
        <ShowMore pages={pages} />
      </ListState>
      <NewWebhookDialog isOpen={isCreating} onClose={() => setIsCreating(false)} />
    </>
  )
}

function WebhookCard({ webhook }: { readonly webhook: Webhook }) {
  const nowMs = useNow()
  const { url, description, events, isEnabled, disabledReason, failingSince, previousSecretExpiresAt } =
    webhook
  return (
    <>
      <span className="card-head">
        <strong className="wrap">{url}</strong>
        {isEnabled ? (
          <Badge tone={failingSince === null ? 'good' : 'late'}>
            {failingSince === null ? 'On' : 'Failing'}
          </Badge>
        ) : (
          <Badge tone="quiet">{disabledReason === null ? 'Off' : endings[disabledReason]}</Badge>
        )}
      </span>
      <span className="card-facts">
        {description === null ? null : <span>{description}</span>}
        <span title={events.join(', ')}>{tellEvents(events, webhookEventTypes.length)}</span>
        {failingSince === null ? null : <span>first failed {tellPast(failingSince, nowMs)}</span>}
        {previousSecretExpiresAt === null ? null : (
          <span>its former secret ends {tellTime(previousSecretExpiresAt, nowMs)}</span>
        )}
      </span>
      <WebhookActions webhook={webhook} />
    </>
  )
}
