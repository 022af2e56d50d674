import { createHash, randomBytes } from 'node:crypto'

/** Every secret that the hub mints: what it begins with and how many base32 characters follow (5 bits each). */
const formats = {
  share: { prefix: 'share_tok_', length: 26 },
  apiKey: { prefix: 'pc_live_', length: 26 },
  agent: { prefix: 'agent_tok_', length: 32 },
  session: { prefix: 'sess_', length: 32 },
  device: { prefix: 'device_tok_', length: 32 },
  magicLink: { prefix: 'magic_tok_', length: 32 },
  browser: { prefix: 'browser_tok_', length: 32 },
} as const

export type TokenKind = keyof typeof formats

/** RFC 4648 base32 in lower case, because hosts (subdomain links) are compared without case. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const body = /^[a-z0-9]+$/

/** A new secret from the operating system's generator; 32 divides 256, so every character is equally likely. */
export function mintToken(kind: TokenKind): string {
  const { prefix, length } = formats[kind]
  let text: string = prefix
  for (const byte of randomBytes(length)) text += alphabet.charAt(byte & 31)
  return text
}

/** Whether the text has this kind's form: what has not is refused before any look-up. */
export function isToken(kind: TokenKind, text: string): boolean {
  const { prefix, length } = formats[kind]
  return (
    text.length === prefix.length + length && text.startsWith(prefix) && body.test(text.slice(prefix.length))
  )
}

/**
 * SHA-256 of a token, the only form that is stored. Tokens carry at least 130 random bits, so a slow hash would
 * protect nothing, and finding by hash takes no time that depends on how much of a guess is right.
 */
export function hashToken(token: string): Buffer<ArrayBuffer> {
  return createHash('sha256').update(token).digest()
}

/** The first 13 characters of a share's token and `...` (SPEC §5). */
export function previewShareToken(token: string): string {
  return `${token.slice(0, 13)}...`
}

/** The first 12 characters of an API key, by which its owner recognises it (SPEC §4). */
export function prefixOfApiKey(key: string): string {
  return key.slice(0, 12)
}
