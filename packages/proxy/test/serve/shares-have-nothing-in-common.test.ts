// Guarantee (SPEC §6, §13): upstream connections belong to one share, even of one visitor on one connection to one service,
// and to one visitor's connection; a share that is no web service is never spoken to in HTTP.
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openKeptVisitor, type KeptVisitor } from './kit/kept-visitor.ts'
import { bodyOf, sendOne, statusOf } from './kit/raw-client.ts'
import { answering, okAnswer, startRawUpstream, type RawUpstream } from './kit/raw-upstream.ts'
import { domain, grantFor, label, shareHost, startShareHub, token, type ShareHub } from './kit/share-hub.ts'

const otherToken = token.replace('xyz', 'zyx')
const otherHost = `${label.replace('xyz', 'zyx')}.${domain}`
let upstream: RawUpstream
let hub: ShareHub
const asked = new Map<Socket, string[]>()
const visitors: KeptVisitor[] = []

beforeEach(async () => {
  asked.clear()
  upstream = await startRawUpstream((socket, text) => {
    asked.set(
      socket,
      [...text.matchAll(/^GET (\S+) /gm)].map(([, path = '']) => path),
    )
    answering(okAnswer)(socket, text)
  })
  const other = grantFor(upstream.port, { id: 'share_2' })
  hub = await startShareHub({
    upstreamPort: upstream.port,
    ports: { findShare: (text) => (text === token ? hub.grant : text === otherToken ? other : null) },
  })
})
afterEach(async () => {
  for (const visitor of visitors.splice(0)) visitor.close()
  await hub.close()
  await upstream.close()
})

async function visitor(): Promise<KeptVisitor> {
  const opened = await openKeptVisitor(hub.port)
  visitors.push(opened)
  return opened
}

const get = (host: string, path: string): string => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`

describe('connections to one service', () => {
  it('are apart for two shares of it, though one visitor asks for both on one connection', async () => {
    const one = await visitor()
    for (let turn = 0; turn < 3; turn += 1) {
      expect(statusOf(await one.ask(get(shareHost, '/a')))).toBe(200)
      expect(statusOf(await one.ask(get(otherHost, '/b')))).toBe(200)
      expect(statusOf(await one.ask(get('hub.test', `/shared/${otherToken}/b`)))).toBe(200)
    }
    expect([...asked.values()]).toEqual([
      Array.from({ length: 3 }, () => '/a'),
      Array.from({ length: 6 }, () => '/b'),
    ])
  })

  it('are apart for two visitors of one share', async () => {
    const [one, two] = [await visitor(), await visitor()]
    for (let turn = 0; turn < 3; turn += 1) {
      await one.ask(get(shareHost, '/one'))
      await two.ask(get(shareHost, '/two'))
    }
    expect([...asked.values()].map((paths) => new Set(paths))).toEqual([new Set(['/one']), new Set(['/two'])])
  })
})

describe('a share that is no web service', () => {
  it.each([
    [5432, 'a PostgreSQL database'],
    [22, 'an SSH server'],
    [4711, 'a service that is no web server'],
  ])('on port %i says what it is, and is not spoken to', async (targetPort, kind) => {
    let dialCount = 0
    const { service } = grantFor(upstream.port)
    const own = await startShareHub({
      upstreamPort: upstream.port,
      grant: { service: { ...service, protocol: 'tcp', targetPort } },
      ports: {
        dial: () => {
          dialCount += 1
          return Promise.reject(new Error('dialled'))
        },
      },
    })
    const json = await sendOne(own.port, `GET /shared/${token}/ HTTP/1.1`)
    expect([statusOf(json), JSON.parse(bodyOf(json))]).toMatchObject([400, { code: 'share.not_web' }])
    const page = await sendOne(own.port, 'GET / HTTP/1.1', [`Host: ${shareHost}`, 'Accept: text/html'])
    expect(bodyOf(page)).toContain(`leads to ${kind}.`)
    const upgrade = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13']
    const socket = [`Host: ${shareHost}`, ...upgrade, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']
    expect(statusOf(await sendOne(own.port, 'GET / HTTP/1.1', socket))).toBe(400)
    expect(dialCount).toBe(0)
    expect(own.records.map(({ denied }) => denied)).toEqual(Array.from({ length: 3 }, () => 'share.not_web'))
    await own.close()
  })
})
