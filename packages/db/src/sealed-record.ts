/** What is stored encrypted, under the key that `keyId` names. */
export interface SealedRecord {
  readonly cipher: Uint8Array<ArrayBuffer>
  readonly keyId: string
}
