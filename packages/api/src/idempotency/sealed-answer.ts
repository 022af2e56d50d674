import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const saltLength = 16
const nonceLength = 12
const tagLength = 16

/** Who repeats what: an answer opens for the same caller with the same key only. */
export interface AnswerOwner {
  /** The credential's id, so that no other key or session of the workspace reads what this one was shown. */
  readonly credentialId: string
  readonly idempotencyKey: string
}

/** What is stored in place of the key. */
export function digestKey({ credentialId, idempotencyKey }: AnswerOwner): string {
  return createHash('sha256')
    .update(`idempotency lookup\n${credentialId}\n${idempotencyKey}`)
    .digest('base64url')
}

/**
 * The answer, encrypted under the idempotency key itself, which is stored nowhere: it may show a secret once, and the
 * database must not be able to show it again. Salt, nonce, tag, text.
 */
export function sealAnswer(owner: AnswerOwner, answer: unknown): Uint8Array<ArrayBuffer> {
  const salt = randomBytes(saltLength)
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv(algorithm, deriveKey(owner, salt), nonce)
  const text = Buffer.concat([cipher.update(JSON.stringify(answer)), cipher.final()])
  return new Uint8Array(Buffer.concat([salt, nonce, cipher.getAuthTag(), text]))
}

/** What `sealAnswer` took. Throws for another owner, or for bytes that were changed. */
export function openAnswer(owner: AnswerOwner, sealed: Uint8Array): unknown {
  const bytes = Buffer.from(sealed)
  const salt = bytes.subarray(0, saltLength)
  const nonce = bytes.subarray(saltLength, saltLength + nonceLength)
  const textStart = saltLength + nonceLength + tagLength
  const decipher = createDecipheriv(algorithm, deriveKey(owner, salt), nonce)
  decipher.setAuthTag(bytes.subarray(saltLength + nonceLength, textStart))
  const text = Buffer.concat([decipher.update(bytes.subarray(textStart)), decipher.final()])
  return JSON.parse(text.toString()) as unknown
}

function deriveKey({ credentialId, idempotencyKey }: AnswerOwner, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', idempotencyKey, salt, `idempotent answer\n${credentialId}`, 32))
}
