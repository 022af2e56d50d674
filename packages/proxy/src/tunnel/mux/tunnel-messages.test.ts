import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeGoaway, encodeGoaway } from './goaway.ts'
import { decodeHello, encodeHello, type PeerHello } from './hello.ts'
import { decodeOpen, encodeOpen, type StreamKind } from './open-request.ts'
import { createStreamError, encodeCode } from './stream-codes.ts'

const garbage = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array))
const json = fc.json().map((text) => Buffer.from(text))

describe('the payload of open', () => {
  const id = fc
    .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
    .filter((text) => Buffer.byteLength(text) <= 200)
  const kind = fc.constantFrom<StreamKind>('http', 'upgrade', 'query')

  it('comes back as it was', () => {
    fc.assert(
      fc.property(
        fc.record({ serviceId: id, shareId: id, kind }),
        fc.nat(0xffffffff),
        (request, windowBytes) => {
          expect(decodeOpen(encodeOpen(request, windowBytes))).toEqual({ ...request, windowBytes })
        },
      ),
    )
  })

  it('is null or bounded for garbage, never a throw', () => {
    fc.assert(
      fc.property(garbage, (payload) => {
        expect(decodeOpen(payload)?.serviceId.length ?? 0).toBeLessThanOrEqual(200)
      }),
      { numRuns: 500 },
    )
  })

  it('refuses an id that is too long to send', () => {
    expect(() => encodeOpen({ serviceId: 'x'.repeat(201), shareId: 's', kind: 'http' }, 0)).toThrow(
      RangeError,
    )
  })
})

describe('hello', () => {
  const hello: PeerHello = {
    version: '1.2.3',
    capabilities: ['a'],
    services: ['svc_1', 'svc_2'],
    streamsMax: 10,
    opensPerSecond: 5,
    reconnectSpreadMs: 400,
  }

  it('comes back as it was', () => {
    expect(decodeHello(encodeHello(hello))).toEqual(hello)
  })

  it('fills what is missing and bounds what is too large', () => {
    expect(decodeHello(Buffer.from('{}'))).toMatchObject({
      version: '',
      streamsMax: 1000,
      opensPerSecond: 256,
    })
    const large = {
      version: 'v'.repeat(1000),
      services: ['x'.repeat(1000), 7, 'svc'],
      reconnectSpreadMs: 1e12,
    }
    expect(decodeHello(Buffer.from(JSON.stringify(large)))).toMatchObject({
      version: 'v'.repeat(128),
      services: ['svc'],
      reconnectSpreadMs: 30_000,
    })
  })

  it('never throws, whatever arrives', () => {
    fc.assert(
      fc.property(fc.oneof(garbage, json), (payload) => {
        expect(decodeHello(payload)?.streamsMax ?? 0).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('goaway', () => {
  it('comes back as it was', () => {
    const goaway = { reason: 'connected_elsewhere', retryAfterMs: 700 } as const
    expect(decodeGoaway(encodeGoaway(goaway))).toEqual(goaway)
    expect(decodeGoaway(encodeGoaway({ reason: 'replaced' }))).toEqual({ reason: 'replaced' })
  })

  it('takes a reason of a later version for draining, and never throws', () => {
    expect(decodeGoaway(Buffer.from('{"reason":"moon_phase"}'))).toEqual({ reason: 'draining' })
    expect(decodeGoaway(Buffer.from('{"reason":"closing","retryAfterMs":-5}'))).toEqual({ reason: 'closing' })
    fc.assert(
      fc.property(fc.oneof(garbage, json), (payload) => {
        expect(decodeGoaway(payload)?.retryAfterMs ?? 0).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('the codes of refused and reset', () => {
  it.each([
    ['not_allowed', 'share.not_shared'],
    ['upstream_refused', 'upstream.refused'],
    ['upstream_timeout', 'upstream.timeout'],
    ['overloaded', 'tunnel.overloaded'],
    ['cancelled', 'upstream.failed'],
  ] as const)('%s is %s to the caller', (code, errorCode) => {
    expect(createStreamError('refused', encodeCode(code)).code).toBe(errorCode)
  })

  it('does not put a peer’s text into the log or the answer', () => {
    const error = createStreamError('reset', Buffer.from('\u001B[31mevil\n'))
    expect(error.code).toBe('upstream.failed')
    expect(error.message).not.toContain('evil')
  })
})
