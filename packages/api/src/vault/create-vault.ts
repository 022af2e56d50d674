import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** A text that only a hub with the right secret can read. */
export interface Sealed {
  readonly cipher: Uint8Array<ArrayBuffer>
  /** Names the key that it is encrypted under. */
  readonly keyId: string
}

/** Encrypts what the database keeps but must not show (AES-256-GCM, a nonce of its own for each record). */
export interface Vault {
  /** The key that `seal` uses. */
  readonly keyId: string
  /** `binding` names the record, such as `service.credentials svc_…`: put into another one, it cannot be opened. */
  seal(binding: string, text: string): Sealed
  /** Throws an Error when the key is not here, or when text, binding or key are not those that were sealed. */
  open(binding: string, sealed: Sealed): string
}

export interface VaultKey {
  readonly id: string
  /** The hub's secret; the key is derived from it. */
  readonly secret: string
}

export interface VaultKeys {
  readonly current: VaultKey
  /** Keys of records that are not re-encrypted yet. */
  readonly previous: readonly VaultKey[]
}

const version = 1
const nonceBytes = 12
const tagBytes = 16
const headBytes = 1 + nonceBytes + tagBytes

/** Sealed records are `version, nonce, tag, ciphertext`. */
export function createVault({ current, previous }: VaultKeys): Vault {
  const keys = new Map([...previous, current].map(({ id, secret }) => [id, deriveKey(secret)]))
  const keyOf = (keyId: string): Uint8Array => {
    const key = keys.get(keyId)
    if (key !== undefined) return key
    throw new Error(`A record is encrypted under ${keyId}, which this hub was not started with.`)
  }
  return {
    keyId: current.id,
    seal(binding, text) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', keyOf(current.id), nonce, { authTagLength: tagBytes })
      cipher.setAAD(bind(current.id, binding))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      const whole = Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), body])
      return { cipher: new Uint8Array(whole), keyId: current.id }
    },
    open(binding, { cipher: whole, keyId }) {
      if (whole[0] !== version || whole.length < headBytes) throw new Error('A record is not a sealed one.')
      const nonce = whole.subarray(1, 1 + nonceBytes)
      const decipher = createDecipheriv('aes-256-gcm', keyOf(keyId), nonce, { authTagLength: tagBytes })
      decipher.setAAD(bind(keyId, binding))
      decipher.setAuthTag(whole.subarray(1 + nonceBytes, headBytes))
      return Buffer.concat([decipher.update(whole.subarray(headBytes)), decipher.final()]).toString('utf8')
    },
  }
}

/** Recognises a secret, and says nothing about the keys that are derived from it under other labels. */
export function fingerprintSecret(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHmac('sha256', secret).update('private-connect key fingerprint').digest())
}

function deriveKey(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'private-connect vault v1', 32))
}

function bind(keyId: string, binding: string): Buffer {
  return Buffer.from(`${version}\n${keyId}\n${binding}`, 'utf8')
}
