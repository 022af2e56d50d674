import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createVisitorIds, markVisitor, visitorIdOf } from './identify-visitor.ts'
import type { Visit } from './visit.ts'

const key = randomBytes(32)
const ids = createVisitorIds(key)

interface Told {
  readonly form?: 'subdomain' | 'path'
  readonly scheme?: 'http' | 'https'
  readonly method?: string
  readonly share?: string
  readonly address?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly socket?: object
}

/** A visit as far as it says who is visiting. */
function visitOf(told: Told = {}): Visit {
  const { form = 'subdomain', scheme = 'https', method = 'GET', share = 'share_1' } = told
  return {
    link: { form },
    method,
    visitor: { scheme, address: told.address ?? '203.0.113.9' },
    request: { headers: told.headers ?? {}, socket: told.socket ?? {} },
    rules: { grant: { id: share } },
    settings: { visitorIds: ids },
    visitorId: null,
  } as unknown as Visit
}

const page = (name: string): string | undefined => (name === 'content-type' ? 'text/html' : undefined)
const opened = { 'sec-fetch-dest': 'document' }
const cookieOf = (setCookie: string | null): string => (setCookie ?? '').split(';')[0] ?? ''

// Who visits is told apart without being told: an id stays the same for one visitor of one share, cannot be made up, and
// says the same on every node of the hub, but nothing to the owner of another share.
describe('marks', () => {
  it('are read again, on every node that has the key', () => {
    const { id, mark } = ids.create('share_1')
    expect(id).toMatch(/^visitor_[0-9a-f]{24}$/)
    expect(ids.read('share_1', mark)).toBe(id)
    expect(createVisitorIds(key).read('share_1', mark)).toBe(id)
  })

  it('count for one share and one key only', () => {
    const { mark } = ids.create('share_1')
    expect(ids.read('share_2', mark)).toBeNull()
    expect(createVisitorIds(randomBytes(32)).read('share_1', mark)).toBeNull()
  })

  it('cannot be made up, nor changed in any place', () => {
    const { mark } = ids.create('share_1')
    const place = fc.nat({ max: mark.length - 1 })
    fc.assert(
      fc.property(place, fc.nat({ max: 14 }), (at, by) => {
        const other = ((Number.parseInt(mark.charAt(at), 16) + 1 + by) % 16).toString(16)
        const changed = mark.slice(0, at) + other + mark.slice(at + 1)
        expect(ids.read('share_1', changed)).toBeNull()
      }),
    )
    for (const text of ['', 'x', mark.slice(0, 24), mark.slice(0, -1), `${mark}0`, '0'.repeat(mark.length)])
      expect(ids.read('share_1', text)).toBeNull()
  })

  it('are new for each visitor', () => {
    const made = Array.from({ length: 200 }, () => ids.create('share_1').id)
    expect(new Set(made).size).toBe(made.length)
  })
})

describe('guesses', () => {
  it('are the same for the same address and browser, on every node', () => {
    const guess = ids.guess('share_1', '203.0.113.9', 'Firefox')
    expect(guess).toMatch(/^visitor_[0-9a-f]{24}$/)
    expect(ids.guess('share_1', '203.0.113.9', 'Firefox')).toBe(guess)
    expect(createVisitorIds(key).guess('share_1', '203.0.113.9', 'Firefox')).toBe(guess)
  })

  it('differ by share, address, browser and key', () => {
    const guesses = [
      ids.guess('share_1', '203.0.113.9', 'Firefox'),
      ids.guess('share_2', '203.0.113.9', 'Firefox'),
      ids.guess('share_1', '203.0.113.10', 'Firefox'),
      ids.guess('share_1', '203.0.113.9', 'Chrome'),
      createVisitorIds(randomBytes(32)).guess('share_1', '203.0.113.9', 'Firefox'),
    ]
    expect(new Set(guesses).size).toBe(guesses.length)
  })

  it('take one IPv6 network for one visitor, who changes addresses in it', () => {
    const guess = ids.guess('share_1', '2001:db8:1:2::1', 'Firefox')
    expect(ids.guess('share_1', '2001:db8:1:2:ffff::9', 'Firefox')).toBe(guess)
    expect(ids.guess('share_1', '2001:db8:1:3::1', 'Firefox')).not.toBe(guess)
  })

  it('are bounded in what they take of a browser’s name, and stay right when many were asked for', () => {
    const long = 'x'.repeat(512)
    const guess = ids.guess('share_1', '203.0.113.9', long)
    expect(ids.guess('share_1', '203.0.113.9', `${long}y`)).toBe(guess)
    for (let at = 0; at < 25_000; at += 1) ids.guess('share_1', '203.0.113.9', String(at))
    expect(ids.guess('share_1', '203.0.113.9', long)).toBe(guess)
  })
})

describe('the mark that a page brings', () => {
  it('makes its next request that of the same visitor, from wherever it comes', () => {
    const first = visitOf({ headers: opened })
    const cookie = cookieOf(markVisitor(first, page))
    const again = visitOf({ headers: { cookie }, address: '198.51.100.1' })
    expect(first.visitorId).not.toBeNull()
    expect(visitorIdOf(first)).toBe(first.visitorId)
    expect(visitorIdOf(again)).toBe(first.visitorId)
  })

  it('is kept from scripts, other hosts and plain HTTP', () => {
    expect(markVisitor(visitOf({ headers: opened }), page)).toMatch(
      /^__Host-pc_visitor=visitor_tok_[0-9a-f]{56}; Path=\/; Max-Age=7776000; HttpOnly; SameSite=Lax; Secure$/,
    )
    expect(markVisitor(visitOf({ headers: opened, scheme: 'http' }), page)).toMatch(
      /^pc_visitor=visitor_tok_[0-9a-f]{56}; Path=\/; Max-Age=7776000; HttpOnly; SameSite=Lax$/,
    )
  })

  it('is not given twice', () => {
    const cookie = `theme=dark; ${cookieOf(markVisitor(visitOf({ headers: opened }), page))}`
    expect(markVisitor(visitOf({ headers: { ...opened, cookie } }), page)).toBeNull()
  })

  it('is given anew where the one that came is none of ours', () => {
    const cookie = `__Host-pc_visitor=visitor_tok_${'0'.repeat(56)}`
    expect(markVisitor(visitOf({ headers: { ...opened, cookie } }), page)).not.toBeNull()
  })

  it.each<[string, Told]>([
    ['the path form, whose cookies all shares would have', { form: 'path', headers: opened }],
    ['a frame', { headers: { 'sec-fetch-dest': 'iframe' } }],
    ['a program', { headers: {} }],
    ['a form', { headers: opened, method: 'POST' }],
  ])('is not given to %s', (_who, told) => {
    expect(markVisitor(visitOf(told), page)).toBeNull()
  })

  it.each([
    ['text/html; charset=utf-8', undefined, true],
    ['application/xhtml+xml', 'private, max-age=9', true],
    ['text/html', 'public, max-age=60', false],
    ['text/html', 's-maxage=60', false],
    ['application/json', undefined, false],
    [undefined, undefined, false],
  ])('with %s and Cache-Control %s: %s', (type, caching, isGiven) => {
    const found = new Map([
      ['content-type', type],
      ['cache-control', caching],
    ])
    expect(markVisitor(visitOf({ headers: opened }), (name) => found.get(name)) !== null).toBe(isGiven)
  })

  it('is not taken from a neighbour: over TLS only with the prefix that browsers keep to one host', () => {
    const { mark, id } = ids.create('share_1')
    const plain = `pc_visitor=visitor_tok_${mark}`
    expect(visitorIdOf(visitOf({ headers: { cookie: plain } }))).not.toBe(id)
    expect(visitorIdOf(visitOf({ headers: { cookie: `__Host-${plain}` } }))).toBe(id)
    expect(visitorIdOf(visitOf({ headers: { cookie: plain }, scheme: 'http' }))).toBe(id)
    expect(visitorIdOf(visitOf({ headers: { cookie: `__Host-${plain}` }, form: 'path' }))).not.toBe(id)
  })
})

it('one connection may bring several visitors and shares, such as a proxy’s', () => {
  const socket = {}
  const { mark, id } = ids.create('share_1')
  const cookie = `__Host-pc_visitor=visitor_tok_${mark}`
  const asked = (told: Told): string => visitorIdOf(visitOf({ ...told, socket }))
  const nobody = asked({})
  expect(asked({ headers: { cookie } })).toBe(id)
  expect(asked({})).toBe(nobody)
  const others = [{ headers: { 'user-agent': 'Firefox' } }, { address: '198.51.100.1' }, { share: 'share_2' }]
  for (const other of others) {
    expect(asked(other)).not.toBe(nobody)
    expect(asked({})).toBe(nobody)
  }
})
