// Guarantee: whatever an upstream sends and whenever, no answer reaches the visitor of another connection (SPEC §13.5).
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createDirectDial, type Dial } from '../../src/serve/index.ts'
import { eventually } from './kit/eventually.ts'
import { openKeptVisitor } from './kit/kept-visitor.ts'
import { openRaw, sendOne } from './kit/raw-client.ts'
import { okAnswer, startRawUpstream, type RawUpstream } from './kit/raw-upstream.ts'
import { startShareHub, token, type ShareHub, type ShareHubStart } from './kit/share-hub.ts'

const answerFor = (tag: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${tag.length}\r\n\r\n${tag}`
const get = (path: string): string => `GET /shared/${token}/${path} HTTP/1.1\r\nHost: hub.test\r\n\r\n`

let upstream: RawUpstream
let hub: ShareHub
async function start(
  onData: Parameters<typeof startRawUpstream>[0],
  options: ShareHubStart['options'] = {},
): Promise<RawUpstream> {
  upstream = await startRawUpstream(onData)
  hub = await startShareHub({ upstreamPort: upstream.port, options })
  return upstream
}
afterEach(async () => {
  await hub.close()
  await upstream.close()
})

const answerEach = async (): Promise<RawUpstream> => start((socket) => void socket.write(okAnswer))

describe('an upstream that answers twice, a little later', () => {
  it('reaches only the visitor whose connection it was', async () => {
    await start((socket, text) => {
      const tag = /GET \/(\w+) [^]*$/.exec(text.slice(text.lastIndexOf('GET ')))?.[1] ?? ''
      socket.write(answerFor(tag))
      setTimeout(() => socket.write(answerFor(tag)), Math.random() * 3)
    })
    let answerCount = 0
    const visits = Array.from({ length: 12 }, async (_, name) => {
      for (let turn = 0; turn < 40; turn += 1) {
        const visitor = await openKeptVisitor(hub.port)
        for (const request of ['a', 'b']) {
          const answer = await visitor.ask(get(`v${name}x${turn}x${request}`))
          if (!answer.includes('200 OK')) continue
          expect(answer).toContain(`v${name}x${turn}x`)
          answerCount += 1
        }
        visitor.close()
      }
    })
    await Promise.all(visits)
    expect(answerCount).toBeGreaterThan(12 * 40)
  })
})

describe('a connection to an upstream', () => {
  it('is used again for the same visitor’s connection, and for no other', async () => {
    const { connectionCount } = await answerEach()
    const [first, second] = [await openKeptVisitor(hub.port), await openKeptVisitor(hub.port)]
    for (let turn = 0; turn < 5; turn += 1) for (const visitor of [first, second]) await visitor.ask(get('x'))
    expect(connectionCount()).toBe(2)
    for (const visitor of [first, second]) visitor.close()
  })

  it('closes with its visitor’s connection', async () => {
    const { sockets } = await start((socket) => void socket.write(okAnswer), { keepAliveTimeoutMs: 60_000 })
    const visitor = await openKeptVisitor(hub.port)
    await visitor.ask(get('x'))
    expect(sockets.size).toBe(1)
    visitor.close()
    await eventually(() => expect(sockets.size).toBe(0))
    await sendOne(hub.port, `GET /shared/${token}/x HTTP/1.1`)
    await eventually(() => expect(sockets.size).toBe(0))
  })

  it('is dialled with a signal of its own, so that nothing piles up on one', async () => {
    upstream = await startRawUpstream((socket) => void socket.write(okAnswer))
    const dial = createDirectDial({ allowPrivateTargets: ['127.0.0.0/8'] })
    const signals = new Set<AbortSignal>()
    const noting: Dial = async (service, options) => {
      signals.add(options.signal)
      return dial(service, options)
    }
    hub = await startShareHub({ upstreamPort: upstream.port, ports: { dial: noting } })
    for (let at = 0; at < 5; at += 1) await sendOne(hub.port, `GET /shared/${token}/x HTTP/1.1`)
    expect(signals.size).toBe(5)
  })

  it('is kept once for a visitor that sends its requests ahead', async () => {
    const { connectionCount, sockets } = await answerEach()
    const { socket, received } = await openRaw(hub.port, get('x').repeat(20))
    await eventually(() => expect(received().match(/200 OK/g)).toHaveLength(20))
    expect(connectionCount()).toBe(20)
    await eventually(() => expect(sockets.size).toBe(1))
    socket.destroy()
  })

  it('is kept for as many visitors as a share may have streams', async () => {
    const options = { streamsPerShareMax: 3, keepAliveTimeoutMs: 60_000 }
    const { sockets } = await start((socket) => void socket.write(okAnswer), options)
    const visitors = []
    for (let at = 0; at < 8; at += 1) {
      const visitor = await openKeptVisitor(hub.port)
      await visitor.ask(get('x'))
      visitors.push(visitor)
    }
    await eventually(() => expect(sockets.size).toBe(3))
    for (const visitor of visitors) visitor.close()
  })
})

describe('an answer of the hub’s own', () => {
  it.each([
    ['an error', { isRevoked: true }, 'x'],
    ['a redirect', {}, ''],
  ])('%s ends a connection whose body does not arrive', async (_name, grant, path) => {
    await start(() => undefined, { leftBodyTimeoutMs: 300 })
    hub.grant = hub.grant === null ? null : { ...hub.grant, ...grant }
    const target = path === '' ? `/shared/${token}` : `/shared/${token}/${path}`
    const socket = connect(hub.port, '127.0.0.1')
    socket.on('error', () => socket.destroy())
    socket.resume()
    socket.write(`POST ${target} HTTP/1.1\r\nHost: hub.test\r\nContent-Length: 1000\r\n\r\n1`)
    const drip = setInterval(() => socket.write('1'), 50)
    await eventually(() => expect(hub.records).toHaveLength(1))
    await eventually(() => expect(hub.sockets()).toHaveLength(0))
    clearInterval(drip)
    socket.destroy()
  })

  it('leaves a connection alone whose body does', async () => {
    await start(() => undefined, { leftBodyTimeoutMs: 100 })
    hub.grant = null
    const visitor = await openKeptVisitor(hub.port)
    const post = `POST /shared/${token}/x HTTP/1.1\r\nHost: hub.test\r\nContent-Length: 5\r\n\r\n`
    expect(await visitor.ask(post)).toContain(' 404 ')
    const begunMs = performance.now()
    expect(await visitor.ask(`hello${get('x')}`)).toContain(' 404 ')
    await eventually(() => expect(performance.now() - begunMs).toBeGreaterThan(300))
    expect(visitor.isOpen()).toBe(true)
    visitor.close()
  })
})
