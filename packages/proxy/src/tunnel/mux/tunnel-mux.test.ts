import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AppError } from '@private-connect/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import type { Goaway } from './goaway.ts'
import { defaultHeartbeat } from './heartbeat.ts'
import type { PeerHello } from './hello.ts'
import type { IncomingStream } from './incoming-stream.ts'
import { defaultOpenLimits } from './open-limiter.ts'
import { TunnelMux } from './tunnel-mux.ts'
import type { StreamHandler, TunnelStream } from './tunnel-stream.ts'
import type { TransportSink, TunnelTransport } from './tunnel-transport.ts'

const hello: PeerHello = {
  version: '1',
  capabilities: [],
  services: [],
  ...defaultOpenLimits,
  reconnectSpreadMs: 0,
}
const log = { debug() {}, info() {}, warn() {} }
const request = { serviceId: 'svc', shareId: 'share', kind: 'http' } as const

/** Two transports back to back that cut the bytes where `cuts` says, one chunk per turn of the event loop. */
function createWire(cuts: readonly number[]): [TunnelTransport, TunnelTransport] {
  const sinks: (TransportSink | null)[] = [null, null]
  let turn = 0
  const create = (own: number): TunnelTransport => ({
    kind: 'raw',
    start: (sink) => void (sinks[own] = sink),
    send(parts) {
      let rest = Buffer.concat(parts)
      while (rest.length > 0) {
        const size = cuts.length === 0 ? rest.length : Math.max(1, (cuts[turn % cuts.length] ?? 1) % 70_000)
        turn += 1
        const chunk = rest.subarray(0, size)
        rest = rest.subarray(size)
        setImmediate(() => sinks[1 - own]?.onData(chunk))
      }
      return true
    },
    end: () => void setImmediate(() => sinks[1 - own]?.onClose('ended')),
    destroy: () => void setImmediate(() => sinks[1 - own]?.onClose('destroyed')),
  })
  return [create(0), create(1)]
}

type Incoming = IncomingStream & { readonly recorder: Recorder }

function createPair(cuts: readonly number[] = [], isTaken = true) {
  const [hubWire, agentWire] = createWire(cuts)
  const incoming: Incoming[] = []
  const goaways: Goaway[] = []
  const closings: string[] = []
  const create = (end: 'hub' | 'agent', transport: TunnelTransport): TunnelMux =>
    new TunnelMux({
      end,
      transport,
      log,
      clock: systemClock,
      heartbeat: defaultHeartbeat,
      limits: defaultOpenLimits,
      events: {
        onHello() {},
        onGoaway: (goaway) => goaways.push(goaway),
        onOpen: (stream) => incoming.push({ ...stream, recorder: record(stream.stream, isTaken) }),
        onClose: (reason) => closings.push(reason),
      },
    })
  const hub = create('hub', hubWire)
  const agent = create('agent', agentWire)
  hub.start(hello)
  agent.start(hello)
  return { hub, agent, incoming, goaways, closings }
}

interface Recorder extends StreamHandler {
  readonly chunks: Buffer[]
  readonly events: string[]
  error: AppError | null
}

/** Keeps what arrives; `isTaken` false is a reader that stalls. */
function record(stream: TunnelStream, isTaken = true): Recorder {
  const recorder: Recorder = {
    chunks: [],
    events: [],
    error: null,
    onOpened: () => recorder.events.push('opened'),
    onData(piece) {
      recorder.chunks.push(Buffer.from(piece))
      if (isTaken) stream.consumed(piece.length)
    },
    onEnd: () => recorder.events.push('end'),
    onEndSent: () => recorder.events.push('end sent'),
    onDrain: () => recorder.events.push('drain'),
    onClose(error) {
      recorder.error = error
      recorder.events.push('close')
    },
  }
  stream.setHandler(recorder)
  return recorder
}

function countBytes(incoming: Incoming | undefined): number {
  return (incoming?.recorder.chunks ?? []).reduce((sum, { length }) => sum + length, 0)
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20_000 && !condition(); turn += 1) await nextTurn()
  expect(condition()).toBe(true)
}

describe('two ends of a tunnel', () => {
  it('carry any mix of streams unchanged, however the wire cuts the bytes', async () => {
    const pattern = randomBytes(400_000)
    const sizes = fc.array(fc.integer({ min: 0, max: 300_000 }), { minLength: 1, maxLength: 6 })
    const cuts = fc.array(fc.integer({ min: 1, max: 70_000 }), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(sizes, cuts, async (streamSizes, wireCuts) => {
        // Tiny cuts of large bodies would only take long.
        const { hub, agent, incoming } = createPair(wireCuts.map((cut) => Math.max(cut, 500)))
        const own = streamSizes.map((size) => {
          const stream = hub.open(request)
          const recorder = record(stream)
          stream.write(pattern.subarray(0, size))
          stream.end()
          return { recorder, size }
        })
        await until(() => incoming.length === streamSizes.length)
        const peers = incoming.map((stream, index) => {
          stream.accept()
          stream.stream.write(pattern.subarray(7, streamSizes[index]))
          stream.stream.end()
          return stream.recorder
        })
        await until(() =>
          [...own.map(({ recorder }) => recorder), ...peers].every(({ events }) => events.includes('close')),
        )
        for (const [index, { recorder, size }] of own.entries()) {
          expect(recorder.error).toBeNull()
          expect(Buffer.concat(recorder.chunks).equals(pattern.subarray(7, size))).toBe(true)
          expect(Buffer.concat(peers[index]?.chunks ?? []).equals(pattern.subarray(0, size))).toBe(true)
        }
        expect(hub.streams.count + agent.streams.count).toBe(0)
        hub.destroy('done')
        agent.destroy('done')
      }),
      { numRuns: 15 },
    )
  }, 60_000)

  it('hold a writer back once the reader takes nothing, at one window', async () => {
    const { hub, agent, incoming } = createPair([], false)
    const stream = hub.open(request)
    await until(() => incoming.length === 1)
    incoming[0]?.accept()
    const writer = record(stream)
    await until(() => writer.events.includes('opened'))
    let writtenBytes = 0
    while (stream.write(Buffer.alloc(50_000))) {
      writtenBytes += 50_000
      await nextTurn()
    }
    await nextTurn()
    expect(countBytes(incoming[0])).toBe(256 * 1024)
    expect(writtenBytes).toBeLessThan(512 * 1024)
    incoming[0]?.stream.consumed(256 * 1024)
    await until(() => writer.events.includes('drain'))
    hub.destroy('done')
    agent.destroy('done')
  })

  it('may send 8 KiB before the peer has answered, and not a byte more', async () => {
    const { hub, agent, incoming } = createPair([], false)
    const stream = hub.open(request)
    stream.write(Buffer.alloc(100_000))
    await until(() => incoming.length === 1)
    for (let turn = 0; turn < 20; turn += 1) await nextTurn()
    expect(countBytes(incoming[0])).toBe(8192)
    incoming[0]?.accept()
    await until(() => countBytes(incoming[0]) === 100_000)
    hub.destroy('done')
    agent.destroy('done')
  })

  it('let both sides open streams, with their own numbers', async () => {
    const { hub, agent, incoming } = createPair()
    await until(() => hub.isGreeted && agent.isGreeted)
    expect([hub.open(request).id, hub.open(request).id]).toEqual([1, 3])
    expect([agent.open(request).id, agent.open(request).id]).toEqual([2, 4])
    await until(() => incoming.length === 4)
    hub.destroy('done')
    agent.destroy('done')
  })

  it('tell a reset, a refusal and a lost tunnel apart', async () => {
    const { hub, agent, incoming } = createPair()
    const [first, second, third] = [hub.open(request), hub.open(request), hub.open(request)]
    const recorders = [first, second, third].map((stream) => record(stream))
    await until(() => incoming.length === 3)
    incoming[0]?.refuse('upstream_refused')
    incoming[1]?.accept()
    incoming[1]?.stream.reset('upstream_failed')
    await until(() => recorders.slice(0, 2).every(({ error }) => error !== null))
    agent.destroy('killed')
    await until(() => hub.isClosed)
    expect(recorders.map(({ error }) => error?.code)).toEqual([
      'upstream.refused',
      'upstream.failed',
      'tunnel.failed',
    ])
    expect(() => hub.open(request)).toThrow(expect.objectContaining({ code: 'agent.offline' }))
  })

  it('finish their streams after goaway, then close; draining alone closes nothing', async () => {
    const { hub, agent, incoming, goaways, closings } = createPair()
    const stream = hub.open(request)
    record(stream)
    await until(() => incoming.length === 1)
    hub.goaway({ reason: 'draining' })
    await until(() => goaways.length === 1)
    expect(agent.isOpen).toBe(true)
    agent.goaway({ reason: 'closing' })
    await until(() => goaways.length === 2)
    expect(hub.isOpen).toBe(false)
    stream.write(Buffer.from('still works'))
    stream.end()
    incoming[0]?.stream.end()
    await expect.poll(() => closings, { timeout: 5000 }).toEqual(['closing', 'ended'])
  })
})
