// Guarantee (HDR): what a grant says is worked out once: methods with HEAD beside GET, every spelling of the target's
// origin, and names as legal header values, whatever was written into them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { grantFor } from '../../test/serve/kit/share-hub.ts'
import { compileGrant } from './compile-grant.ts'
import type { UpstreamService } from './dial.ts'
import type { ShareGrant } from './share-grant.ts'

const plain = grantFor(3000)
const grantOf = (changes: Partial<ShareGrant> = {}, service: Partial<UpstreamService> = {}): ShareGrant => ({
  ...plain,
  service: { ...plain.service, targetHost: 'App.Example', ...service },
  ...changes,
})

describe('methods', () => {
  it('are all where none are named', () => {
    const { methods, allow } = compileGrant(grantOf())
    expect([methods, allow]).toEqual([null, 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'])
  })

  it.each([
    [['GET'], 'GET, HEAD'],
    [['POST'], 'POST'],
    [['DELETE', 'GET'], 'DELETE, GET, HEAD'],
  ] as const)('%j pass as %s', (allowedMethods, allow) => {
    const compiled = compileGrant(grantOf({ allowedMethods }))
    expect([[...(compiled.methods ?? [])].join(', '), compiled.allow]).toEqual([allow, allow])
  })
})

describe('the target', () => {
  it.each([
    [
      'app.example',
      3000,
      'http',
      'app.example:3000',
      ['http://app.example:3000', 'https://app.example:3000'],
    ],
    [
      'app.example',
      3000,
      'https',
      'app.example:3000',
      ['https://app.example:3000', 'http://app.example:3000'],
    ],
    [
      'app.example',
      80,
      'http',
      'app.example:80',
      ['http://app.example', 'http://app.example:80', 'https://app.example:80'],
    ],
    [
      'app.example',
      443,
      'auto',
      'app.example:443',
      ['https://app.example', 'https://app.example:443', 'http://app.example:443'],
    ],
    [
      'APP.Example',
      3000,
      'http',
      'APP.Example:3000',
      ['http://app.example:3000', 'https://app.example:3000'],
    ],
    ['::1', 3000, 'http', '[::1]:3000', ['http://[::1]:3000', 'https://[::1]:3000']],
  ] as const)('%s:%i by %s', (...[targetHost, targetPort, protocol, authority, origins]) => {
    const compiled = compileGrant(grantOf({}, { targetHost, targetPort, protocol }))
    expect([compiled.targetAuthority, compiled.targetOrigins]).toEqual([authority, origins])
  })
})

it('is worked out once for a grant, and anew for a changed one', () => {
  const grant = grantOf()
  expect(compileGrant(grant)).toBe(compileGrant(grant))
  expect(compileGrant({ ...grant })).not.toBe(compileGrant(grant))
})

it('a pattern that cannot be one lets nothing through', () => {
  expect(() => compileGrant(grantOf({ allowedPaths: ['/ok', 'no'] }))).toThrow(RangeError)
  expect(compileGrant(grantOf({ allowedPaths: [] })).paths).toEqual([])
})

it('any name is a legal header value, and is read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const { shareNameHeader } = compileGrant(grantOf({ name }))
      expect(shareNameHeader).toMatch(/^[\x20-\x7e]*$/)
      expect(decodeURIComponent(shareNameHeader)).toBe(name.toWellFormed())
    }),
  )
  expect(compileGrant(grantOf({ name: '\ud800 100% ä\r\nX: y' })).shareNameHeader).toBe(
    '%EF%BF%BD 100%25 %C3%A4%0D%0AX: y',
  )
})
