// Guarantee (SMG-13): nginx and haproxy in front read where a request ends exactly as the hub and the app do, whatever
// lengths, encodings, expectations and upgrades a visitor writes into one: no visitor can make another's answer.
import { once } from 'node:events'
import { connect, type TLSSocket } from 'node:tls'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findFreePorts } from './kit/free-ports.ts'
import { startHaproxy, type FrontProxy } from './kit/front-proxy.ts'
import { startHubBehindNginx, type HubBehindNginx } from './kit/hub-behind-nginx.ts'
import { startProxiedApp, type ProxiedApp } from './kit/proxied-app.ts'
import type { SharedPort } from './kit/share.ts'

let front: HubBehindNginx
let haproxy: FrontProxy
let app: ProxiedApp
let shared: SharedPort
let host: string

beforeAll(async () => {
  const settings = { SHARE_REQUESTS_PER_MIN: '10000000', SHARE_STREAMS_MAX: '10000' }
  ;[front, app] = await Promise.all([startHubBehindNginx({ settings }), startProxiedApp()])
  const [port = 0, plainPort = 0] = await findFreePorts(2)
  haproxy = await startHaproxy({ hubPort: front.hub.port, port, plainPort })
  shared = await front.share(app.port, ['--host', '127.0.0.1', '--keep'])
  host = new URL(shared.share.subdomainUrl).hostname
}, 120_000)
afterAll(async () => {
  await shared?.stop()
  await haproxy?.stop()
  await front?.stop()
  await app?.close()
})

/** A visitor of its own, kept open: what is sent late on its connection is its own to see. */
class Visitor {
  readonly socket: TLSSocket
  text = ''

  constructor(proxy: FrontProxy) {
    this.socket = connect({ host: '127.0.0.1', port: proxy.port, servername: host, ca: proxy.ca })
    this.socket.setEncoding('latin1').on('data', (chunk: string) => (this.text += chunk))
    this.socket.on('error', () => this.socket.destroy())
  }

  async answered(): Promise<void> {
    if (!this.socket.destroyed) await Promise.race([once(this.socket, 'data'), once(this.socket, 'close')])
  }
}

interface Gadget {
  readonly method: string
  readonly lines: readonly string[]
  readonly start: string
}

const length = (text: string) => (id: string) => text.replace('<n>', String(smuggledRequest(id).length))
const headerLines = [
  'Content-Length: <n>',
  'Content-Length: 0',
  'Content-Length: 5',
  'Content-Length:  5 ',
  'Content-Length: +5',
  'Content-Length : <n>',
  'Content-Length: 5, <n>',
  'Content-Length:',
  'Content_Length: 0',
  'X: y\r\n Content-Length: 5',
  'X: y\nContent-Length: 0',
  'X: y\rContent-Length: 0',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding:\tchunked',
  'Transfer-Encoding: \x0bchunked',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: identity',
  'Transfer-Encoding: "chunked"',
  'Transfer-Encoding:\r\n chunked',
  'Transfer_Encoding: chunked',
  'TRANSFER-ENCODING: CHUNKED',
  'Connection: Content-Length',
  'Connection: Transfer-Encoding, close',
  'Expect: 100-continue',
  'Expect: x 100-continue',
  'Expect:\t100-continue',
  'Upgrade: websocket\r\nConnection: Upgrade',
  'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk',
  'X-HTTP-Method-Override: POST',
] as const
const bodyStarts = [
  '',
  '0\r\n\r\n',
  '5\r\nhello\r\n0\r\n\r\n',
  '0;x\r\n\r\n',
  '0\n\n',
  '5;\nhello\r\n0\r\n\r\n',
  'x=1\r\n\r\n',
]

const gadget: fc.Arbitrary<Gadget> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'),
  lines: fc.uniqueArray(fc.constantFrom(...headerLines), { minLength: 1, maxLength: 3 }),
  start: fc.constantFrom(...bodyStarts),
})

const smuggledRequest = (id: string): string => `GET /smuggled/${id} HTTP/1.1\r\nHost: ${host}\r\n\r\n`

function write({ method, lines, start }: Gadget, id: string): string {
  const headers = lines.map((line) => `${length(line)(id)}\r\n`).join('')
  return `${method} /first/${id} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n${start}${smuggledRequest(id)}`
}

/** What somebody else gets meanwhile. */
async function probe(proxy: FrontProxy, id: string): Promise<void> {
  const other = new Visitor(proxy)
  other.socket.write(`GET /probe/${id} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  await once(other.socket, 'close')
  expect(other.text.split('\r\n\r\n', 1)[0]).toMatch(/^HTTP\/1\.1 200 /)
  expect(other.text).toContain(`app GET /probe/${id}`)
  expect(other.text).not.toContain('smuggled')
}

describe.each([
  ['nginx', () => front.nginx],
  ['haproxy', () => haproxy],
])('behind %s', (name, proxyOf) => {
  it('what one visitor writes stays on its own connection', { timeout: 120_000 }, async () => {
    const proxy = proxyOf()
    const visitors = new Map<string, Visitor>()
    let serial = 0
    await fc.assert(
      fc.asyncProperty(gadget, async (sent) => {
        const id = `${name}-${(serial += 1)}`
        const visitor = new Visitor(proxy)
        visitors.set(id, visitor)
        visitor.socket.write(write(sent, id), 'latin1')
        // An unfinished request waits for more, and is answered by nobody.
        const meanwhile = probe(proxy, `${id}-a`)
        await Promise.race([visitor.answered(), meanwhile])
        await meanwhile
        await probe(proxy, `${id}-b`)
      }),
      { numRuns: 150, endOnFailure: true },
    )
    // Where the proxy took the rest for this visitor's own next request, nobody but it has the answer.
    const own = app.received.filter(({ url }) => url.startsWith(`/smuggled/${name}-`))
    await vi.waitFor(
      () => {
        for (const { url } of own) {
          expect(visitors.get(url.slice('/smuggled/'.length))?.text).toContain(`app GET ${url}`)
        }
      },
      { timeout: 10_000 },
    )
    expect(own.length).toBeLessThan(150)
    for (const { socket } of visitors.values()) socket.destroy()
  })
})
