import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { markVisitor, visitorIdOf } from './identify-visitor.ts'
import type { Visit } from '../visit.ts'
import { createVisitorIds } from './visitor-ids.ts'

const ids = createVisitorIds(randomBytes(32))

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

// The mark goes to a person's browser and to nobody else, and counts only where its own share set it.
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
