import { composePayload, webhookSecretBinding, type Vault } from '@private-connect/api'
import {
  claimDeliveries,
  deleteOldDeliveries,
  eraseEndedWebhooks,
  exhaustDisabledDeliveries,
  fanOutEvents,
  findNextDueAt,
  recordDelivered,
  recordFailed,
  type ClaimedDelivery,
  type Db,
  type DisabledReason,
} from '@private-connect/db'
import type { Logger } from '../logging.ts'
import type { PostAnswer, PostDelivery } from './post-delivery.ts'
import { nextAttemptAt, readRetryAfter } from './retry-schedule.ts'
import { createRunningSends } from './running-sends.ts'
import { signDelivery } from './sign-delivery.ts'

export interface DeliverySenderOptions {
  readonly db: Db
  readonly vault: Vault
  readonly post: PostDelivery
  readonly log: Pick<Logger, 'warn' | 'error'>
  /** By the database's time, which all nodes share. */
  readonly nowMs: () => number
  /** From 0 to 1. Default: Math.random. */
  readonly random?: () => number
  readonly userAgent: string
  /** How often an endpoint that fails is tried with its oldest delivery. Default: 5 minutes. */
  readonly probeEveryMs?: number
  /** Called when a delivery has ended, so that another one can begin. */
  readonly onEnd?: () => void
  /** Called after the commit of what disabled a webhook. */
  readonly onDisabled: (webhook: {
    workspaceId: string
    webhookId: string
    url: string
    reason: DisabledReason
  }) => void
}

export interface DeliverySender {
  /** Gives new events to webhooks, and begins to send what is due; answers how many that are. */
  turn(): Promise<number>
  /** When the next turn is due, null while nothing waits. */
  nextDueMs(): Promise<number | null>
  /** What is to be forgotten: settled deliveries, what waits for disabled webhooks, secrets of deleted ones. */
  cleanUp(): Promise<void>
  /** Resolves when nothing is being sent. */
  settle(): Promise<void>
  /** Cuts off what is being sent: its leases run out, and it is sent again with the same id. */
  abort(): void
}

const minute = 60_000
const day = 24 * 60 * minute
/** Longer than an exchange may take, so that a lease that runs out means that its node is gone. */
const leaseMs = 45_000
const defaultProbeEveryMs = 5 * minute
const disableAfterMs = 5 * day
const perWebhookMax = 4
const sendsMax = 256
/**
 * Endpoints of one workspace that answer nothing leave room for the others: it gets so many at a time, and only while it has
 * fewer than that, which is never half of all.
 */
const perWorkspaceMax = sendsMax / 4
const fanOutsPerTurn = 20
const keptMs = 30 * day
const rowsPerDeletion = 2000

export function createDeliverySender(options: DeliverySenderOptions): DeliverySender {
  const { db, log } = options
  const running = createRunningSends(() => options.onEnd?.())
  const stop = new AbortController()
  const now = () => new Date(options.nowMs())

  const send = async (delivery: ClaimedDelivery): Promise<void> => {
    await deliver(options, delivery, stop.signal).catch((err: unknown) => {
      // Its lease runs out, and then it is somebody's turn again.
      if (!stop.signal.aborted) log.error({ err, deliveryId: delivery.id }, 'a delivery could not be noted')
    })
  }

  return {
    async turn() {
      for (let round = 0; round < fanOutsPerTurn; round += 1) {
        if (!(await fanOutEvents(db, { now: now(), bodyOf: composePayload }))) break
      }
      const { probeEveryMs = defaultProbeEveryMs } = options
      const claimed = await claimDeliveries(db, {
        now: now(),
        leaseMs,
        probeEveryMs,
        perWebhookMax,
        perWorkspaceMax,
        busyWorkspaceIds: running.listBusy(perWorkspaceMax),
        deliveriesMax: sendsMax - running.count,
      })
      for (const delivery of claimed) running.add(delivery.workspaceId, send(delivery))
      return claimed.length
    },
    async nextDueMs() {
      return (await findNextDueAt(db))?.getTime() ?? null
    },
    async cleanUp() {
      await eraseEndedWebhooks(db, now())
      await exhaustDisabledDeliveries(db, now())
      await deleteOldDeliveries(db, {
        before: new Date(options.nowMs() - keptMs),
        rowsMax: rowsPerDeletion,
      })
    },
    settle: async () => running.settle(),
    abort: () => stop.abort(),
  }
}

async function deliver(
  options: DeliverySenderOptions,
  delivery: ClaimedDelivery,
  signal: AbortSignal,
): Promise<void> {
  const { workspaceId, webhookId, url, body, eventId } = delivery
  const signed = { id: eventId, body, nowMs: options.nowMs(), secrets: openSecrets(options.vault, delivery) }
  const headers = {
    'content-type': 'application/json',
    'accept-encoding': 'identity',
    'user-agent': options.userAgent,
    // Marks it for whoever wonders where it comes from, a share of a hub for example.
    'private-connect-webhook': webhookId,
    ...signDelivery(signed),
  }
  const startedMs = performance.now()
  const answer = await options.post({ workspaceId, url, body, headers, signal })
  const latencyMs = Math.round(performance.now() - startedMs)
  if (answer.error === null) {
    const now = new Date(options.nowMs())
    await recordDelivered(options.db, { delivery, now, statusCode: answer.statusCode, latencyMs })
  } else await noteFailure(options, delivery, { ...answer, error: answer.error, latencyMs })
}

type Failure = PostAnswer & { readonly error: string; readonly latencyMs: number }

async function noteFailure(
  options: DeliverySenderOptions,
  delivery: ClaimedDelivery,
  { statusCode, retryAfter, error, latencyMs }: Failure,
): Promise<void> {
  const nowMs = options.nowMs()
  const mayAsk = statusCode === 429 || statusCode === 503
  const retryAfterMs = mayAsk ? readRetryAfter(retryAfter, nowMs) : null
  const random = options.random?.() ?? Math.random()
  const next = nextAttemptAt({ ...delivery, nowMs, retryAfterMs, random })
  const reason = await recordFailed(options.db, {
    delivery,
    now: new Date(nowMs),
    statusCode,
    latencyMs,
    error,
    nextAttemptAt: statusCode === 410 ? null : next,
    probeEveryMs: options.probeEveryMs ?? defaultProbeEveryMs,
    pausedUntil: retryAfterMs === null ? null : new Date(nowMs + retryAfterMs),
    isGone: statusCode === 410,
    // A test is its owner's: the endpoint may be one that is only being set up.
    countsAsFailing: delivery.scheduleStep < testScheduleStep,
    disableAfterMs,
  })
  const { workspaceId, webhookId, url } = delivery
  if (reason !== null) options.onDisabled({ workspaceId, webhookId, url, reason })
}

const testScheduleStep = 1000

function openSecrets(vault: Vault, { webhookId, secret, previousSecret }: ClaimedDelivery): string[] {
  const binding = webhookSecretBinding(webhookId)
  const sealed = previousSecret === null ? [secret] : [secret, previousSecret]
  return sealed.map((one) => vault.open(binding, one))
}
