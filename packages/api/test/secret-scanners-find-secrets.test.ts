// Guarantee (KEY-10): the expression that SECURITY.md gives to secret scanners finds every kind of key and token, wherever
// one is pasted, and nothing in 256 MiB of random text.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { mintToken, type TokenKind } from '../src/index.ts'

const security = readFileSync(new URL('../../../SECURITY.md', import.meta.url), 'utf8')
const published = /```regex\n(.+)\n```/.exec(security)?.[1] ?? ''
const find = (text: string) => [...text.matchAll(new RegExp(published, 'g'))].map(([found]) => found)

/** All of them: a kind that is missing does not compile. */
const kinds = Object.keys({
  share: true,
  apiKey: true,
  agent: true,
  session: true,
  device: true,
  magicLink: true,
  browser: true,
} satisfies Record<TokenKind, true>) as TokenKind[]

describe.each(kinds)('a secret of the kind %s', (kind) => {
  it.each([
    ['alone', (secret: string) => secret],
    ['in an environment file', (secret: string) => `KEY=${secret}\nOTHER=x`],
    ['in JSON', (secret: string) => `{"key":"${secret}"}`],
    ['in a header', (secret: string) => `Authorization: Bearer ${secret}\r\n`],
    [
      'in an address',
      (secret: string) => `https://hub.example.com/shared/${secret}/path?key=${secret}#${secret}`,
    ],
    ['before a full stop', (secret: string) => `I lost ${secret}.`],
  ])('is found %s', (_where, paste) => {
    const secret = mintToken(kind)
    const text = paste(secret)
    expect(find(text)).toEqual(Array(text.split(secret).length - 1).fill(secret))
  })

  it('is not found where it is cut short, or part of a longer word', () => {
    const secret = mintToken(kind)
    for (const text of [secret.slice(0, -1), `${secret}a`, `x${secret}`, secret.toUpperCase()]) {
      expect(find(text)).toEqual([])
    }
  })
})

it('finds a share by its host', () => {
  const label = mintToken('share').replaceAll('_', '-')
  expect(find(`https://${label}.share.example.com/`)).toEqual([label])
})

it('finds nothing in random base64, plain and for addresses', { timeout: 120_000 }, () => {
  const chunkBytes = 3 * 2 ** 20
  let searched = 0
  while (searched < 256 * 2 ** 20) {
    const bytes = randomBytes(chunkBytes)
    for (const encoding of ['base64', 'base64url'] as const) {
      const text = bytes.toString(encoding)
      expect(find(text)).toEqual([])
      searched += text.length
    }
  }
})
