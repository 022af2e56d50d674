import { randomBytes } from 'node:crypto'

/** Every prefix of SPEC §3, and those of rows that no API lists yet. */
export type IdPrefix =
  | 'user'
  | 'ws'
  | 'key'
  | 'agent'
  | 'svc'
  | 'share'
  | 'log'
  | 'hook'
  | 'dlv'
  | 'evt'
  | 'sid'
  | 'magic'
  | 'device'
  | 'link'
  | 'aud'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const counterMax = 2 ** 20 - 1

let lastMs = 0
let counter = 0

/**
 * A new id: prefix, `_`, then 26 characters that sort by creation: 10 of time, 4 of a counter that keeps the
 * order within a millisecond of this process, 12 random (60 bits), in Crockford's lower-case base32.
 */
export function newId<P extends IdPrefix>(prefix: P, nowMs: number = Date.now()): `${P}_${string}` {
  if (nowMs > lastMs || counter === counterMax) {
    // A clock that stands still or goes back must not break the order, so time only moves forward here.
    lastMs = Math.max(nowMs, lastMs + 1)
    counter = randomBytes(2).readUInt16BE(0)
  } else {
    counter += 1
  }
  return `${prefix}_${encodeNumber(lastMs, 10)}${encodeNumber(counter, 4)}${encodeRandom()}`
}

function encodeNumber(value: number, length: number): string {
  let rest = value
  let text = ''
  for (let index = 0; index < length; index += 1) {
    text = alphabet.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}

function encodeRandom(): string {
  let text = ''
  for (const byte of randomBytes(12)) text += alphabet.charAt(byte & 31)
  return text
}
