/** SHA-256 of a token, 32 bytes: `createHash('sha256').update(token).digest()`. The database refuses any other length. */
export type TokenHash = Uint8Array<ArrayBuffer>
