import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import type { Sealed, Vault } from '../vault/create-vault.ts'

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

/** What the vault binds a kept answer to. */
export function answerBinding(keyDigest: string): string {
  return `idempotency.answer ${keyDigest}`
}

/**
 * The answer, which may show a secret once, so that the database cannot show it again: encrypted under the idempotency
 * key, which is stored nowhere, and then in the vault, because some callers count their keys up and they can be guessed.
 */
export function sealAnswer(vault: Vault, owner: AnswerOwner, answer: unknown): Sealed {
  return vault.seal(answerBinding(digestKey(owner)), encrypt(owner, answer).toString('base64'))
}

/** What `sealAnswer` took. Throws for another owner, another vault, or bytes that were changed. */
export function openAnswer(vault: Vault, owner: AnswerOwner, sealed: Sealed): unknown {
  return decrypt(owner, Buffer.from(vault.open(answerBinding(digestKey(owner)), sealed), 'base64'))
}

/** Salt, nonce, tag, text. */
function encrypt(owner: AnswerOwner, answer: unknown): Buffer {
  const salt = randomBytes(saltLength)
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv(algorithm, deriveKey(owner, salt), nonce)
  const text = Buffer.concat([cipher.update(JSON.stringify(answer)), cipher.final()])
  return Buffer.concat([salt, nonce, cipher.getAuthTag(), text])
}

function decrypt(owner: AnswerOwner, bytes: Buffer): unknown {
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
