// Guarantee (SPEC §5, `auto`): a target is asked once whether it speaks TLS, however many wait for it; what it answered is
// remembered for whoever dials the same target the same way, until something failed; who could not be reached was not asked.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { AppError } from '@private-connect/errors'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Dial, UpstreamService } from '../dial.ts'
import { speechOf, TargetSpeech } from './target-speech.ts'

/** The first byte of a TLS alert, or of an answer in HTTP. */
const answers = {
  tls: Buffer.from([0x15, 3, 1, 0, 2, 2, 40]),
  http: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
}
let speaks: keyof typeof answers
let server: Server
const dial = vi.fn<Dial>()

beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined).once('data', () => socket.end(answers[speaks]))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => void server.close())
beforeEach(() => {
  speaks = 'tls'
  dial.mockReset().mockImplementation(async () => open())
})

async function open(): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

const serviceOf = (service: Partial<UpstreamService> = {}): UpstreamService => ({
  id: 'svc_1',
  agentId: null,
  name: 'app',
  targetHost: 'app.example',
  targetPort: 8443,
  protocol: 'auto',
  ...service,
})
const asked = { shareId: 'share_1' }

describe('what a target speaks', () => {
  it.each([
    ['tls', true],
    ['http', false],
  ] as const)('is found out: %s', async (speech, isTls) => {
    speaks = speech
    const targets = new TargetSpeech(dial)
    expect(targets.known(serviceOf())).toBeUndefined()
    expect(await targets.ask(serviceOf(), asked)).toBe(isTls)
    expect(targets.known(serviceOf())).toBe(isTls)
  })

  it('is asked once for all who wait, by a stream that is open at the target itself', async () => {
    const targets = new TargetSpeech(dial)
    const all = Array.from({ length: 50 }, async (_, at) =>
      targets.ask(serviceOf(), { shareId: `share_${at}` }),
    )
    expect(new Set(await Promise.all(all))).toEqual(new Set([true]))
    expect(dial.mock.calls).toEqual([
      [serviceOf(), { shareId: 'share_0', kind: 'http', awaitsOpen: true, signal: expect.any(AbortSignal) }],
    ])
  })

  it('is not asked of who says it', () => {
    const targets = new TargetSpeech(dial)
    const known = (['http', 'https', 'tcp'] as const).map((protocol) =>
      targets.known(serviceOf({ protocol })),
    )
    expect(known).toEqual([false, true, false])
  })

  it('is one target’s: of a host, a port and a way there', async () => {
    const targets = new TargetSpeech(dial)
    await targets.ask(serviceOf(), asked)
    expect(targets.known(serviceOf({ id: 'svc_2', name: 'other' }))).toBe(true)
    for (const other of [{ agentId: 'agent_1' }, { targetHost: 'other.example' }, { targetPort: 80 }]) {
      expect(targets.known(serviceOf(other))).toBeUndefined()
    }
  })

  it('is forgotten on demand, where it was found out and not said', async () => {
    const targets = new TargetSpeech(dial)
    await targets.ask(serviceOf(), asked)
    targets.forget(serviceOf({ protocol: 'https' }))
    expect(targets.known(serviceOf())).toBe(true)
    targets.forget(serviceOf())
    expect(targets.known(serviceOf())).toBeUndefined()
    speaks = 'http'
    expect(await targets.ask(serviceOf(), asked)).toBe(false)
  })

  it('is not remembered of who cannot be reached; the next one asks again', async () => {
    const targets = new TargetSpeech(dial)
    dial.mockRejectedValueOnce(new AppError('agent.offline'))
    const both = [targets.ask(serviceOf(), asked), targets.ask(serviceOf(), asked)]
    for (const one of both) await expect(one).rejects.toMatchObject({ code: 'agent.offline' })
    expect([targets.known(serviceOf()), dial.mock.calls.length]).toEqual([undefined, 1])
    expect(await targets.ask(serviceOf(), asked)).toBe(true)
  })

  it('is not remembered of a dial whose stream says later that nobody was there', async () => {
    const targets = new TargetSpeech(dial)
    dial.mockImplementationOnce(async () => {
      const socket = await open()
      setImmediate(() => socket.destroy(new AppError('upstream.refused')))
      return socket
    })
    speaks = 'http'
    await expect(targets.ask(serviceOf(), asked)).rejects.toMatchObject({ code: 'upstream.refused' })
    expect(targets.known(serviceOf())).toBeUndefined()
  })
})

it('what is known belongs to a dial: others may lead elsewhere', () => {
  const other: Dial = async (...request) => dial(...request)
  expect(speechOf(dial)).toBe(speechOf(dial))
  expect(speechOf(other)).not.toBe(speechOf(dial))
})
