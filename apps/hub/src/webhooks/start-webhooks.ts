import { composeWebhookDisabledMail, type Mail, type WebhookPorts } from '@private-connect/api'
import { listOwnerEmails } from '@private-connect/db'
import type { DirectDialOptions } from '@private-connect/proxy/serve'
import type { EventBus } from '../bus/event-bus.ts'
import type { HubUrls } from '../env.ts'
import type { Logger } from '../logging.ts'
import type { Store } from '../store/store.ts'
import { hubVersion } from '../version.ts'
import { createDeliverySender, type DeliverySenderOptions } from './delivery-sender.ts'
import { createPostDelivery } from './post-delivery.ts'
import { sendDeliveries } from './send-deliveries.ts'
import { createWebhookTargets } from './webhook-targets.ts'

export interface WebhookOptions {
  readonly store: Pick<Store, 'db' | 'vault'>
  readonly log: Logger
  readonly direct: DirectDialOptions
  readonly urls: HubUrls
  readonly bus: EventBus
  readonly sendMail: (mail: Mail) => void
  readonly nowMs: () => number
}

export interface Webhooks {
  readonly ports: WebhookPorts
  stop(): Promise<void>
}

/** Sends the events of all workspaces to their webhooks, from now until it is stopped. */
export function startWebhooks(options: WebhookOptions): Webhooks {
  const { store, log, urls, bus, nowMs } = options
  const ownHosts = [urls.hubUrl, urls.linkUrl].map((url) => new URL(url).host)
  const targets = createWebhookTargets({ direct: options.direct, ownHosts })
  const sender = createDeliverySender({
    ...store,
    log,
    nowMs,
    post: createPostDelivery({ dial: async (target, signal) => targets.dial(target, signal) }),
    userAgent: `Private-Connect-Webhooks/${hubVersion}`,
    onEnd: () => loop.wake(),
    onDisabled: (webhook) => {
      mailOwners(options, webhook).catch((err: unknown) =>
        log.warn({ err }, 'the owners of a webhook could not be told that it is disabled'),
      )
    },
  })
  const loop = sendDeliveries({ sender, log, nowMs })
  const unsubscribe = bus.subscribe('events.appended', () => loop.wake())
  return {
    ports: { mayCall: async (target) => targets.mayCall(target), deliveriesDue: () => loop.wake() },
    async stop() {
      unsubscribe()
      await loop.stop()
    },
  }
}

type Disabled = Parameters<DeliverySenderOptions['onDisabled']>[0]

async function mailOwners(
  { store, sendMail, urls }: WebhookOptions,
  { workspaceId, url, reason }: Disabled,
): Promise<void> {
  const facts = { hubUrl: urls.hubUrl, host: new URL(url).host, reason }
  for (const email of await listOwnerEmails(store.db, workspaceId)) {
    sendMail(composeWebhookDisabledMail({ email, ...facts }))
  }
}
