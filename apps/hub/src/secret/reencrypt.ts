import {
  answerBinding,
  credentialsBinding,
  webhookSecretBinding,
  type Sealed,
  type Vault,
} from '@private-connect/api'
import {
  listAnswersUnderOtherKeys,
  listCredentialsUnderOtherKeys,
  listWebhookSecretsUnderOtherKeys,
  replaceSealedAnswer,
  replaceSealedCredentials,
  replaceWebhookSecret,
  retireOtherEncryptionKeys,
  type Db,
} from '@private-connect/db'

/** One record under an earlier key. */
interface OldRecord {
  readonly binding: string
  readonly sealed: Sealed
  /** Stores it again, unless something else took its place meanwhile. */
  readonly replace: (sealed: Sealed) => Promise<void>
}

const recordsPerBatch = 200

/** Every kind of record that the vault seals: a kind that is not here would be lost with its key. */
const kinds: readonly ((db: Db, keyId: string) => Promise<OldRecord[]>)[] = [
  findOldCredentials,
  findOldAnswers,
  findOldWebhookSecrets,
]

/**
 * Re-encrypts under the vault's current key what is under another one, and answers how many records that were. It can
 * be cut off at any time and run again: each record is replaced by itself, and the old keys retire only at the end.
 */
export async function reencrypt(db: Db, vault: Vault): Promise<number> {
  let count = 0
  for (;;) {
    const batches = await Promise.all(kinds.map(async (find) => find(db, vault.keyId)))
    const records = batches.flat()
    for (const { binding, sealed, replace } of records) {
      await replace(vault.seal(binding, vault.open(binding, sealed)))
    }
    count += records.length
    if (records.length === 0 && (await retireOtherEncryptionKeys(db, vault.keyId))) return count
  }
}

async function findOldCredentials(db: Db, keyId: string): Promise<OldRecord[]> {
  const found = await listCredentialsUnderOtherKeys(db, { keyId, limit: recordsPerBatch })
  return found.map(({ serviceId, sealed: before }) => ({
    binding: credentialsBinding(serviceId),
    sealed: before,
    replace: async (sealed) => replaceSealedCredentials(db, { serviceId, sealed, before }),
  }))
}

async function findOldAnswers(db: Db, keyId: string): Promise<OldRecord[]> {
  const found = await listAnswersUnderOtherKeys(db, { keyId, limit: recordsPerBatch })
  return found.map(({ sealed: before, ...ref }) => ({
    binding: answerBinding(ref.key),
    sealed: before,
    replace: async (sealed) => replaceSealedAnswer(db, { ...ref, sealed, before }),
  }))
}

async function findOldWebhookSecrets(db: Db, keyId: string): Promise<OldRecord[]> {
  const found = await listWebhookSecretsUnderOtherKeys(db, { keyId, limit: recordsPerBatch })
  return found.map(({ webhookId, sealed: before }) => ({
    binding: webhookSecretBinding(webhookId),
    sealed: before,
    replace: async (sealed) => replaceWebhookSecret(db, { webhookId, sealed, before }),
  }))
}
