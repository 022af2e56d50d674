import { randomBytes, randomFillSync } from 'node:crypto'

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
  | 'qry'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const counterMax = 2 ** 20 - 1

/** Two characters at once, for each value of ten bits. */
const pairs = Array.from(
  { length: 1024 },
  (_, bits) => alphabet.charAt(bits >> 5) + alphabet.charAt(bits & 31),
)

/** One call of the system for many ids; what was taken is never used again. */
const randomPool = new Uint16Array(6 * 400)
let poolAt = randomPool.length

let lastMs = 0
let lastMsText = ''
let counter = 0

/**
 * A new id: prefix, `_`, then 26 characters that sort by creation: 10 of time, 4 of a counter that keeps the
 * order within a millisecond of this process, 12 random (60 bits), in Crockford's lower-case base32.
 */
export function newId<P extends IdPrefix>(prefix: P, nowMs: number = Date.now()): `${P}_${string}` {
  if (nowMs > lastMs || counter === counterMax) {
    // A clock that stands still or goes back must not break the order, so time only moves forward here.
    lastMs = Math.max(nowMs, lastMs + 1)
    lastMsText = encodeTime(lastMs)
    counter = randomBytes(2).readUInt16BE(0)
  } else {
    counter += 1
  }
  return `${prefix}_${lastMsText}${pairAt(counter >> 10)}${pairAt(counter)}${encodeRandom()}`
}

function encodeTime(ms: number): string {
  let rest = ms
  let text = ''
  for (let index = 0; index < 10; index += 1) {
    text = alphabet.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}

function encodeRandom(): string {
  if (poolAt === randomPool.length) {
    randomFillSync(randomPool)
    poolAt = 0
  }
  let text = ''
  for (const end = poolAt + 6; poolAt < end; poolAt += 1) text += pairAt(randomPool[poolAt] ?? 0)
  return text
}

/** By the lowest ten bits. */
function pairAt(bits: number): string {
  return pairs[bits & 1023] ?? ''
}
