// Guarantee: whatever a hostile peer says of itself, every field that is read is bounded, and nonsense is none.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHello, encodeHello, type PeerHello } from './hello.ts'

const hello: PeerHello = {
  version: '0.1.0',
  capabilities: ['half-close'],
  services: ['svc_1', 'svc_2'],
  streamsMax: 1_000,
  opensPerSecond: 2_048,
  reconnectSpreadMs: 5_000,
}
const decode = (value: unknown): PeerHello | null => decodeHello(Buffer.from(JSON.stringify(value)))

describe('a hello', () => {
  it('comes back as it was sent', () => {
    expect(decodeHello(encodeHello(hello))).toEqual(hello)
  })

  it('names at most a thousand services', () => {
    const services = Array.from({ length: 1_500 }, (_, at) => `svc_${at}`)
    expect(decodeHello(encodeHello({ ...hello, services }))?.services).toEqual(services.slice(0, 1_000))
    expect(decode({ ...hello, services })?.services).toHaveLength(1_000)
  })

  it.each(['', 'null', '[]', '"text"', '1', '{', '\0'])('that is %j is none', (text) => {
    expect(decodeHello(Buffer.from(text))).toBeNull()
  })

  it('has defaults for what is missing or foreign', () => {
    const defaults = {
      version: '',
      capabilities: [],
      services: [],
      streamsMax: 1_000,
      opensPerSecond: 256,
      reconnectSpreadMs: 0,
    }
    expect(decode({})).toEqual(defaults)
    expect(
      decode({ version: 1, capabilities: 'x', services: {}, streamsMax: '9', opensPerSecond: null }),
    ).toEqual(defaults)
    expect(decode({ streamsMax: -1, opensPerSecond: -5, reconnectSpreadMs: -0.5 })).toEqual(defaults)
  })

  it('bounds numbers and texts', () => {
    const long = 'x'.repeat(500)
    const bounded = decode({
      version: long,
      services: [long, 'svc_1', 7],
      streamsMax: 1e300,
      opensPerSecond: 1e300,
      reconnectSpreadMs: 1e300,
    })
    expect(bounded).toEqual({
      version: 'x'.repeat(128),
      capabilities: [],
      services: ['svc_1'],
      streamsMax: 1_000_000,
      opensPerSecond: 1_000_000,
      reconnectSpreadMs: 30_000,
    })
  })

  it('may be any JSON at all', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read = decode(value)
        expect(read === null || read.services.every((id) => id.length <= 128)).toBe(true)
        expect(read === null || (read.streamsMax >= 0 && read.streamsMax <= 1_000_000)).toBe(true)
      }),
    )
  })
})
