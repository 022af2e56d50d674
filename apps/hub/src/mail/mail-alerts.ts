import { setTimeout as wait } from 'node:timers/promises'
import {
  composeAgentBackMail,
  composeAgentOfflineMail,
  composeShareExpiringMail,
  type AlertFacts,
  type Mail,
} from '@private-connect/api'
import {
  listOwnerEmails,
  takeBackAlerts,
  takeExpiryAlerts,
  takeOfflineAlerts,
  type Db,
  type MailAlert,
} from '@private-connect/db'
import type { Logger } from '../logging.ts'

export interface MailAlertOptions {
  readonly db: Db
  readonly hubUrl: string
  readonly sendMail: (mail: Mail) => void
  readonly log: Pick<Logger, 'warn'>
  /** By the database's time. */
  readonly nowMs: () => number
  readonly everyMs?: number
}

export interface MailAlerts {
  /** One look, for whoever does not want to wait. */
  look(): Promise<void>
  stop(): Promise<void>
}

const minute = 60_000
const hour = 60 * minute
const offlineForMs = 2 * minute
/** Who turns alerts on is not told of agents that have long been away. */
const offlineAtMostMs = hour
const expiresWithinMs = 24 * hour
const lifetimeMinSeconds = 25 * 3600

/**
 * Mails that workspaces have asked for: agents that stay away and come back, shares that are about to end. What was
 * mailed is noted before it is handed over, so nothing is mailed twice; a hub that dies in between mails it not at all.
 */
export function startMailAlerts(options: MailAlertOptions): MailAlerts {
  const { log, everyMs = 15_000 } = options
  const stopped = new AbortController()
  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      await wait(everyMs, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined)
      if (stopped.signal.aborted) return
      await look(options).catch((err: unknown) => log.warn({ err }, 'mail alerts failed, will retry'))
    }
  }
  const running = run()
  return {
    look: async () => look(options),
    async stop() {
      stopped.abort()
      await running
    },
  }
}

async function look(options: MailAlertOptions): Promise<void> {
  const { db } = options
  const nowMs = options.nowMs()
  const now = new Date(nowMs)
  const offline = await takeOfflineAlerts(db, {
    now,
    offlineBefore: new Date(nowMs - offlineForMs),
    offlineAfter: new Date(nowMs - offlineAtMostMs),
  })
  await mail(options, offline, composeAgentOfflineMail)
  await mail(options, await takeBackAlerts(db, now), composeAgentBackMail)
  const expiring = await takeExpiryAlerts(db, {
    now,
    expiresBefore: new Date(nowMs + expiresWithinMs),
    lifetimeMinSeconds,
  })
  await mail(options, expiring, composeShareExpiringMail)
}

async function mail(
  { db, hubUrl, sendMail }: MailAlertOptions,
  alerts: readonly MailAlert[],
  compose: (facts: AlertFacts) => Mail,
): Promise<void> {
  for (const { workspaceId, workspaceName, name, at } of alerts) {
    for (const email of await listOwnerEmails(db, workspaceId)) {
      sendMail(compose({ email, hubUrl, workspaceName, name, at }))
    }
  }
}
