import type { Queryable } from './create-db.ts'
import type { SealedRecord } from './sealed-record.ts'

export interface WebhookSecret {
  readonly webhookId: string
  /** Which of the two that sign during a rotation. */
  readonly slot: 'current' | 'previous'
  readonly sealed: SealedRecord
}

interface SecretRow {
  readonly id: string
  readonly slot: 'current' | 'previous'
  readonly cipher: Uint8Array<ArrayBuffer>
  readonly keyId: string
}

/** Secrets that are not under this key yet; those of ended webhooks are gone. For the hub's rotation, over all workspaces. */
export async function listWebhookSecretsUnderOtherKeys(
  db: Queryable,
  input: { readonly keyId: string; readonly limit: number },
): Promise<WebhookSecret[]> {
  const rows = await db.client.$queryRaw<SecretRow[]>`
    SELECT id, 'current' AS slot, secret_cipher AS cipher, secret_key_id AS "keyId" FROM webhooks
    WHERE secret_key_id <> ${input.keyId} AND secret_cipher <> ''
    UNION ALL
    SELECT id, 'previous', previous_secret_cipher, previous_secret_key_id FROM webhooks
    WHERE previous_secret_key_id <> ${input.keyId}
    ORDER BY id LIMIT ${input.limit}`
  return rows.map(({ id, slot, cipher, keyId }) => ({ webhookId: id, slot, sealed: { cipher, keyId } }))
}

/** Puts the same secret under another key, wherever a rotation of the webhook's own has moved it meanwhile. */
export async function replaceWebhookSecret(
  db: Queryable,
  { webhookId: id, sealed, before }: Omit<WebhookSecret, 'slot'> & { readonly before: SealedRecord },
): Promise<void> {
  await db.client.webhook.updateMany({
    where: { id, secretCipher: before.cipher },
    data: { secretCipher: sealed.cipher, secretKeyId: sealed.keyId },
  })
  await db.client.webhook.updateMany({
    where: { id, previousSecretCipher: before.cipher },
    data: { previousSecretCipher: sealed.cipher, previousSecretKeyId: sealed.keyId },
  })
}

/** How many secrets of webhooks are under other keys than this one. */
export async function countWebhookSecretsUnderOtherKeys(tx: Queryable, keyId: string): Promise<number> {
  const [row] = await tx.client.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM webhooks
    WHERE (secret_key_id <> ${keyId} AND secret_cipher <> '') OR previous_secret_key_id <> ${keyId}`
  return row?.count ?? 0
}
