// Guarantee (IP-12, IP-13, TOK-06, TOK-08, RSP-04; docs/deploying.md): behind nginx with the shipped configuration
// everything works as it does without: links, tunnels, WebSockets, events and uploads that stream, the visitor's own
// address; TLS names and hosts decide alike, cookies are secure, and no log has a token.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { dirname, join } from 'node:path'
import { connect } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchBrowser } from './kit/browser.ts'
import { startHubBehindNginx, type HubBehindNginx } from './kit/hub-behind-nginx.ts'
import { startProxiedApp, type ProxiedApp } from './kit/proxied-app.ts'
import type { SharedPort } from './kit/share.ts'

const hubHost = 'hub.example.com'
let front: HubBehindNginx
let app: ProxiedApp
let shared: SharedPort
let shareHost: string

beforeAll(async () => {
  ;[front, app] = await Promise.all([startHubBehindNginx(), startProxiedApp()])
  shared = await front.share(app.port, ['--host', '127.0.0.1', '--keep'])
  shareHost = new URL(shared.share.subdomainUrl).hostname
}, 120_000)
afterAll(async () => {
  await shared?.stop()
  await front?.stop()
  await app?.close()
})

describe('links', () => {
  it('lead to the share’s own host, over TLS', async () => {
    expect(shared.share.shareUrl).toBe(`${front.origin}/shared/${shared.share.token}`)
    expect(shareHost).toBe(`${shared.share.token.replaceAll('_', '-')}.share.example.net`)
    const { pathname } = new URL(shared.share.shareUrl)
    const page = await front.ask(hubHost, `${pathname}/x`, { headers: { 'sec-fetch-mode': 'navigate' } })
    expect([page.status, page.headers.location]).toEqual([307, `${shared.share.subdomainUrl}x`])
    expect((await front.ask(hubHost, `${pathname}/x`)).text).toBe('app GET /x')
    expect((await front.ask(shareHost, '/y')).text).toBe('app GET /y')
  })

  it('are answered on plain HTTP by a redirect only', async () => {
    const answer = await fetch(`http://127.0.0.1:${front.nginx.plainPort}/x`, {
      headers: { host: shareHost },
      redirect: 'manual',
    })
    expect(answer.status).toBe(308)
  })

  it('tell the app how and by whom it was reached, whatever the visitor says', async () => {
    const { text } = await front.ask(shareHost, '/headers', {
      localAddress: '127.0.0.2',
      headers: { 'x-forwarded-for': '10.1.1.1', 'x-forwarded-proto': 'http', forwarded: 'for=10.1.1.1' },
    })
    expect(JSON.parse(text)).toMatchObject({
      'x-forwarded-proto': 'https',
      'x-forwarded-host': `${shareHost}:${front.nginx.port}`,
      'x-forwarded-for': '127.0.0.2, 127.0.0.1',
    })
    await vi.waitFor(
      async () => {
        const { body } = await front.hub.api<{ logs: Array<{ ipAddress: string; path: string }> }>(
          'GET',
          `/v1/shares/${shared.share.id}/logs?limit=100`,
        )
        expect(body.logs.find(({ path }) => path === '/headers')?.ipAddress).toBe('127.0.0.2')
      },
      { timeout: 10_000 },
    )
  })
})

describe('what streams', () => {
  it('passes events at once', async () => {
    const sent = request(optionsFor(shareHost, '/events')).end()
    const [events] = (await once(sent, 'response')) as [NodeJS.ReadableStream]
    const [first] = (await once(events, 'data')) as [Buffer]
    expect(String(first)).toBe('data: first\n\n')
    const second = once(events, 'data')
    app.streams[0]?.write('data: second\n\n')
    expect(String((await second)[0])).toBe('data: second\n\n')
    sent.destroy()
  })

  it('passes an upload while it is sent', async () => {
    const sent = request({ ...optionsFor(shareHost, '/upload'), method: 'POST' })
    sent.write(Buffer.alloc(300_000))
    await vi.waitFor(() => expect(app.uploads[0]?.bytes).toBe(300_000), { timeout: 10_000 })
    expect(app.uploads[0]?.isComplete).toBe(false)
    sent.end()
    const [answer] = (await once(sent, 'response')) as [NodeJS.ReadableStream]
    expect(String((await once(answer, 'data'))[0])).toBe('300000')
  })

  it('upgrades to a WebSocket, with what was sent ahead', async () => {
    const { path: _, ...target } = optionsFor(shareHost, '/ws')
    const socket = connect({ ...target, ALPNProtocols: ['http/1.1'] })
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13'
    socket.write(
      `GET /ws HTTP/1.1\r\nHost: ${shareHost}:${front.nginx.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${key}\r\n\r\nearly`,
    )
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    await vi.waitFor(() => expect(text).toMatch(/^HTTP\/1\.1 101 [^]*\r\n\r\nearly$/), { timeout: 10_000 })
    socket.destroy()
  })
})

const optionsFor = (host: string, path: string) => ({
  host: '127.0.0.1',
  port: front.nginx.port,
  servername: host,
  ca: front.nginx.ca,
  path,
  agent: false as const,
  headers: { host: `${host}:${front.nginx.port}` },
})

describe('TLS names and hosts', () => {
  it('let the host decide, whatever name the handshake had (IP-12)', async () => {
    const me = '/v1/auth/me'
    expect((await front.ask(shareHost, me, { servername: hubHost })).text).toBe(`app GET ${me}`)
    expect((await front.ask(hubHost, me, { servername: shareHost })).status).toBe(401)
    const elsewhere = await front.ask('elsewhere.example.org', me, { servername: hubHost })
    expect(elsewhere.status).toBe(421)
  })

  it('that are no names end the handshake and nothing else (IP-13)', async () => {
    for (const servername of ['elsewhere.example.org', `${'a'.repeat(60)}.`.repeat(5), 'x\u0001y', '*', '']) {
      const socket = connect({ host: '127.0.0.1', port: front.nginx.port, servername, ca: front.nginx.ca })
      await expect(once(socket, 'secureConnect')).rejects.toThrow(
        /alert|closed|reset|disconnected|invalid|match/i,
      )
    }
    expect((await front.ask(hubHost, '/livez')).status).toBe(200)
  })

  it('are pinned to TLS by the hub for the hub, and by nginx for each share alone', async () => {
    expect((await front.ask(hubHost, '/livez')).headers['strict-transport-security']).toBe('max-age=31536000')
    expect((await front.ask(shareHost, '/')).headers['strict-transport-security']).toBe('max-age=31536000')
  })
})

describe('the shared app', () => {
  it('has no say in what nginx does', async () => {
    const answer = await front.ask(shareHost, '/accel')
    expect([answer.status, answer.text]).toEqual([200, 'the app itself'])
  })

  it('gets a connection for each request, so that an answer out of turn meets nobody', async () => {
    app.received.length = 0
    for (let at = 0; at < 5; at += 1) await front.ask(shareHost, `/own/${at}`)
    expect(new Set(app.received.map(({ socketPort }) => socketPort)).size).toBe(5)
  })
})

describe('a sign-in', () => {
  it('sets cookies for TLS only, for the hub’s own host only', async () => {
    const token = new URL(front.hub.signInUrl).hash.slice(1)
    const answer = await front.ask(hubHost, `/v1/auth/verify?token=${token}`)
    expect(answer.status).toBe(200)
    const cookies = answer.headers['set-cookie'] ?? []
    expect(cookies.length).toBeGreaterThan(0)
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; Path=\/; .*HttpOnly; SameSite=(Lax|Strict); Secure/)
      expect(cookie).not.toMatch(/domain/i)
    }
  })
})

describe('a wildcard certificate is good for a share’s host (TOK-06)', () => {
  const run = promisify(execFile)
  const target = () => `${shared.share.subdomainUrl}client`
  const address = () => `${shareHost}:${front.nginx.port}:127.0.0.1`

  it('with curl', async () => {
    const { stdout } = await run('curl', [
      '-sS',
      '--cacert',
      front.nginx.caFile,
      '--resolve',
      address(),
      target(),
    ])
    expect(stdout).toBe('app GET /client')
  })

  it('with Python', async () => {
    const program = `
import http.client, socket, ssl, sys
host, port, ca = sys.argv[1], int(sys.argv[2]), sys.argv[3]
context = ssl.create_default_context(cafile=ca)
connection = http.client.HTTPSConnection(host, port, context=context)
connection._create_connection = lambda _, *rest: socket.create_connection(("127.0.0.1", port), *rest)
connection.request("GET", "/client")
print(connection.getresponse().read().decode())`
    const args = ['-c', program, shareHost, String(front.nginx.port), front.nginx.caFile]
    expect((await run('python3', args)).stdout.trim()).toBe('app GET /client')
  })

  it('with Chromium', async () => {
    const browser = await launchBrowser({
      args: ['--host-resolver-rules=MAP *.share.example.net 127.0.0.1'],
      authorityFile: front.nginx.caFile,
    })
    const page = await browser.newPage()
    expect((await page.goto(target()))?.status()).toBe(200)
    await browser.close()
  })

  it('with Java, where it is installed', async () => {
    if (!(await isInstalled('javac'))) return
    const folder = dirname(front.nginx.caFile)
    writeFileSync(join(folder, 'hosts'), `127.0.0.1 ${shareHost}\n`)
    writeFileSync(join(folder, 'Get.java'), javaClient)
    const args = [`-Djdk.net.hosts.file=${folder}/hosts`, join(folder, 'Get.java')]
    const { stdout } = await run('java', [...args, target(), front.nginx.caFile])
    expect(stdout.trim()).toBe('app GET /client')
  }, 60_000)

  const isInstalled = async (program: string) =>
    run('which', [program]).then(
      () => true,
      () => false,
    )
})

const javaClient = `
import java.io.FileInputStream; import java.net.URI; import java.net.http.*; import java.security.KeyStore;
import java.security.cert.CertificateFactory; import javax.net.ssl.*;
public class Get { public static void main(String[] a) throws Exception {
  KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType()); store.load(null, null);
  store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(new FileInputStream(a[1])));
  TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX"); trust.init(store);
  SSLContext tls = SSLContext.getInstance("TLS"); tls.init(null, trust.getTrustManagers(), null);
  if (URI.create(a[0]).getHost() == null) throw new RuntimeException("no host");
  System.out.println(HttpClient.newBuilder().sslContext(tls).build()
    .send(HttpRequest.newBuilder(URI.create(a[0])).build(), HttpResponse.BodyHandlers.ofString()).body()); } }`

describe('the logs of nginx', () => {
  it('have no token, neither of what works nor of what fails (TOK-08)', async () => {
    const { token } = shared.share
    const secret = token.slice(13)
    const { pathname } = new URL(shared.share.shareUrl)
    for (const path of [`/x?again=${token}`, `/${token}/x`, `/%73hare_tok_${secret}`]) {
      await front.ask(shareHost, path)
      await front.ask(hubHost, `${pathname}${path}`)
    }
    await front.ask(hubHost, `/SHARED/${token}/`)
    await front.hub.program.stop()
    expect((await front.ask(hubHost, `${pathname}/failing`)).status).toBe(502)
    expect((await front.ask(shareHost, '/failing')).status).toBe(502)
    await vi.waitFor(
      () => expect(front.nginx.readLogs()).toContain(`share_tok_${token.slice(10, 13)}.../failing`),
      { timeout: 10_000 },
    )
    const logs = front.nginx.readLogs()
    expect(logs).toContain(`share-tok-${token.slice(10, 13)}....share.example.net`)
    expect(logs).not.toContain(secret)
    expect(logs).not.toContain('magic_tok')
  })
})
