import type { IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createShareLinkMatcher } from './share-link.ts'

const secret = 'abcdefghijklmnopqrstuvwxyz'
const token = `share_tok_${secret}`
const host = `share-tok-${secret}.links.example`
const matcher = createShareLinkMatcher('links.example:8443')
const match = (named: string, raw: string) => matcher.match(named, raw)
const claims = (asked: IncomingMessage) => matcher.claims(asked)
const request = (url: string, named = 'hub.example'): IncomingMessage =>
  ({ url, headers: { host: named } }) as IncomingMessage

// What is a share's never reaches the hub's own pages, and what reaches a share is one reading of the request: the Host
// decides before any path, and only exactly one spelling of it is a share.
describe('the path form', () => {
  it.each([
    ['/', `/shared/${token}/`, '/', false],
    ['/a/b?c#d', `/shared/${token}/a/b?c#d`, '/a/b?c#d', false],
    ['the missing slash', `/shared/${token}`, '/', true],
    ['a query without slash', `/shared/${token}?a=1`, '/?a=1', true],
    ['an absolute-form of this host', `http://hub.example/shared/${token}/x`, '/x', false],
  ])('%s', (_what, raw, ...[target, isSlashMissing]: [string, boolean]) => {
    expect(match('hub.example', raw)).toEqual({
      form: 'path',
      token,
      target,
      prefix: `/shared/${token}`,
      isSlashMissing,
    })
  })

  it.each([
    '/shared/',
    `/shared/${token}x/`,
    `/shared/${token.toUpperCase()}/`,
    `/shared/${token}%2f`,
    `/shared//${token}/`,
    `/shared/${token}\\`,
  ])('%s is no share, and not the hub’s either', (raw) => {
    expect(match('hub.example', raw).token).toBeNull()
    expect(claims(request(raw))).toBe(true)
  })

  it('an absolute-form for another host is in no form that is taken', () => {
    const link = match('hub.example', `http://other.example/shared/${token}/x`)
    expect(link).toMatchObject({ target: '' })
    expect(claims(request(`http://other.example/shared/${token}/x`))).toBe(true)
  })
})

it('queries are below a path of their own', () => {
  expect(match('hub.example', `/api/shared/${token}/query`)).toMatchObject({
    form: 'query',
    token,
    target: '/query',
    prefix: `/api/shared/${token}`,
  })
})

describe('the host form', () => {
  it.each([host, host.toUpperCase(), `${host}:8443`, `${host}.`, `share_tok_${secret}.links.example`])(
    '%s is the share, whatever the path',
    (named) => {
      const link = match(named, `/shared/share_tok_${'b'.repeat(26)}/x`)
      expect(link).toMatchObject({ form: 'subdomain', token, prefix: '', isSlashMissing: false })
      expect(link.target).toBe(`/shared/share_tok_${'b'.repeat(26)}/x`)
      expect(claims(request('/login', named))).toBe(true)
    },
  )

  it.each([
    `share-tok-${secret}.evil.example`,
    `a.${host}`,
    `${host}..`,
    `share-tok-${secret}x.links.example`,
    `share-tok-short.links.example`,
    `share-tok-${secret}.links.example:port`,
    `${host}.evil.example`,
  ])('%s is no share, and not the hub’s either', (named) => {
    expect(match(named, '/')).toMatchObject({ form: 'subdomain', token: null })
    expect(claims(request('/', named))).toBe(true)
  })

  it('is nobody’s where the hub has no domain for shares', () => {
    expect(createShareLinkMatcher(null).match(host, '/').token).toBeNull()
  })
})

it.each(['/', '/shared', '/sharedx/', '/api/shared', '/a/shared/x', 'http://hub.example/login', '*', ''])(
  '%s of the hub’s own host is the hub’s',
  (raw) => {
    expect(claims(request(raw))).toBe(false)
  },
)

it('whatever is matched as a share is claimed, and its prefix and target are what was asked for', () => {
  const piece = fc.constantFrom(
    '/',
    '?',
    '#',
    'shared',
    'api',
    token,
    host,
    'http://',
    'hub.example',
    'x',
    '..',
    '%2f',
  )
  fc.assert(
    fc.property(fc.array(piece), fc.constantFrom('hub.example', host, `x.${host}`), (pieces, named) => {
      const raw = pieces.join('')
      const link = match(named, raw)
      expect(link.token === null || claims(request(raw, named))).toBe(true)
      const whole = link.prefix + (link.isSlashMissing ? link.target.slice(1) : link.target)
      // An absolute form may leave out the slash that its path begins with.
      const isSlashLess = !raw.startsWith('/') && raw.charAt(raw.indexOf('://') + 3 + named.length) !== '/'
      expect(link.target === '' || raw.endsWith(isSlashLess ? whole.slice(1) : whole)).toBe(true)
    }),
    {
      numRuns: 5000,
      examples: [
        [['http://', host], host],
        [['http://', host, '?'], host],
      ],
    },
  )
})
