import { createServer as createHttpsServer } from 'node:https'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import {
  startLocalApp,
  startOwnedHub,
  testCertificate,
  visit,
  type OwnedHub,
} from '@private-connect/sharing/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCliUser, readShare } from './kit/cli.ts'

/*
 * Guarantee: where only an HTTP proxy leads out, API calls and the tunnel go through it; and an app that speaks https with a
 * certificate of its own making is found out and served, as local dev servers are.
 */
let hub: OwnedHub

beforeAll(async () => {
  hub = await startOwnedHub()
})

afterAll(async () => {
  await hub.remove()
})

/** A CONNECT proxy that knows one name, `hub.test`, which nothing else resolves. */
async function startProxy() {
  const connects: string[] = []
  const proxy = createServer((_req, res) => res.writeHead(405).end())
  proxy.on('connect', (req, socket, head) => {
    connects.push(req.url ?? '')
    const upstream = connect(Number(new URL(hub.url).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(socket).pipe(upstream)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('error', () => upstream.destroy())
  })
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  return { proxy, connects, url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` }
}

describe('share', () => {
  it('reaches a hub behind a proxy, warns of plain http, and takes the link back', async () => {
    const { proxy, connects, url } = await startProxy()
    const app = await startLocalApp()
    const hubUrl = `http://hub.test:${new URL(hub.url).port}`
    const user = createCliUser({ url: hubUrl, apiKey: hub.apiKey }, { http_proxy: url })
    const program = user.run('share', String(app.port), '--json')
    const { share } = await readShare(program)
    expect(await visit(share.subdomainUrl, '/x')).toEqual({ status: 200, text: 'app saw GET /x' })
    expect(program.output()).toContain('plain http')
    expect(await program.stop()).toBe(0)
    expect((await visit(share.subdomainUrl)).status).toBe(403)
    // One for the API's connection, one for the tunnel.
    expect(connects.length).toBeGreaterThanOrEqual(2)
    expect(new Set(connects)).toEqual(new Set([new URL(hubUrl).host]))
    user.remove()
    proxy.close()
    await app.close()
  })

  it('finds out that an app speaks https', async () => {
    const app = createHttpsServer(testCertificate, (req, res) => res.end(`secure app saw ${req.url}`))
    await new Promise<void>((done) => app.listen(0, '127.0.0.1', done))
    const user = createCliUser(hub)
    const program = user.run('share', String((app.address() as AddressInfo).port), '--json')
    const { share, service } = await readShare(program)
    expect(service.protocol).toBe('https')
    expect(program.output()).not.toContain('"type":"warning"')
    expect(await visit(share.subdomainUrl, '/x')).toEqual({ status: 200, text: 'secure app saw /x' })
    expect(await program.stop()).toBe(0)
    user.remove()
    app.closeAllConnections()
    app.close()
  })
})
