import { chmodSync } from 'node:fs'
import { createVault, fingerprintSecret, webhookSecretBinding } from '@private-connect/api'
import {
  addEncryptionKey,
  appendEvents,
  createDb,
  createUserWithWorkspace,
  createWebhook,
  listDeliveries,
  migrateDb,
  newId,
  type Db,
  type DeliveryRow,
} from '@private-connect/db'
import { startEmbeddedPostgres } from '@private-connect/db/embedded'
import {
  createDeliverySender,
  type DeliverySender,
  type DeliverySenderOptions,
} from '../../src/webhooks/delivery-sender.ts'
import { createPostDelivery } from '../../src/webhooks/post-delivery.ts'
import { createWebhookTargets } from '../../src/webhooks/webhook-targets.ts'
import { makeTemporaryFolder } from './processes.ts'

export const webhookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

export interface WebhookWorld {
  readonly db: Db
  readonly workspaceId: string
  readonly disabled: { readonly webhookId: string; readonly reason: string }[]
  /** The time that senders see. */
  nowMs: () => number
  advance(ms: number): void
  createSender(options?: Partial<DeliverySenderOptions>): DeliverySender
  /** In the world's own workspace, unless another one is named; so are events. */
  createWebhook(url: string, inWorkspace?: string): Promise<string>
  append(count: number, inWorkspace?: string): Promise<readonly { readonly id: string }[]>
  /** Oldest first. */
  deliveriesOf(webhookId: string): Promise<DeliveryRow[]>
  remove(): Promise<void>
}

/** A database with a workspace, and senders on it whose clock and chances the test decides. */
export async function createWebhookWorld(): Promise<WebhookWorld> {
  const folder = makeTemporaryFolder()
  chmodSync(folder.path, 0o755)
  const log = { info() {}, warn() {}, error() {} }
  const postgres = await startEmbeddedPostgres({ dataDir: `${folder.path}/server`, log })
  await migrateDb(postgres)
  const db = await createDb({ url: postgres.url })
  const secret = 'a'.repeat(32)
  await addEncryptionKey(db, fingerprintSecret(secret))
  const vault = createVault({ current: { id: 'hub-secret-1', secret }, previous: [] })
  const { workspace } = await createUserWithWorkspace(db, { email: 'o@example.com', workspaceName: 'acme' })
  const workspaceId = workspace.id
  const disabled: { webhookId: string; reason: string }[] = []
  const targets = createWebhookTargets({ direct: { allowPrivateTargets: ['127.0.0.0/8'] }, ownHosts: [] })
  const post = createPostDelivery({ dial: async (target, signal) => targets.dial(target, signal) })
  let clockMs = Date.now()
  const nowMs = () => clockMs
  return {
    db,
    workspaceId,
    disabled,
    nowMs,
    advance: (ms) => void (clockMs += ms),
    createSender: (options = {}) =>
      createDeliverySender({
        db,
        vault,
        post,
        log,
        nowMs,
        random: () => 0.5,
        userAgent: 'test',
        onDisabled: (webhook) => void disabled.push(webhook),
        ...options,
      }),
    async createWebhook(url, inWorkspace = workspaceId) {
      const id = newId('hook')
      const secret = vault.seal(webhookSecretBinding(id), webhookSecret)
      const input = {
        id,
        workspaceId: inWorkspace,
        url,
        description: null,
        events: ['share.created'],
        secret,
      }
      return (await createWebhook(db, input)).id
    },
    append: async (count, inWorkspace = workspaceId) =>
      appendEvents(
        db,
        Array.from({ length: count }, (_, at) => ({
          workspaceId: inWorkspace,
          type: 'share.created' as const,
          data: { shareId: `share_${at}`, shareName: `s${at}`, ipAddress: '203.0.113.7' },
        })),
      ),
    deliveriesOf: async (webhookId) =>
      (await listDeliveries(db, { webhookId, filter: {}, limit: 10_000 })).reverse(),
    async remove() {
      await db.close()
      await postgres.stop()
      folder.remove()
    },
  }
}
