// Guarantee: the certificate of an https target that the hub dials itself is verified unless the service says otherwise,
// for requests and upgrades.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './kit/eventually.ts'
import { openRaw, sendOne, statusOf } from './kit/raw-client.ts'
import { listenOn } from './kit/raw-upstream.ts'
import { startShareHub, token, type ShareHub } from './kit/share-hub.ts'

let folder: string
let upstream: Server
let hub: ShareHub
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'serve-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  })
  upstream = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) => {
    response.end('secret')
  })
  upstream.on('upgrade', (_request, socket) => {
    socket.on('error', () => socket.destroy())
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhi')
  })
  hub = await startShareHub({ upstreamPort: await listenOn(upstream) })
})
afterAll(async () => {
  await hub.close()
  upstream.closeAllConnections()
  upstream.close()
  rmSync(folder, { recursive: true })
})

function useService(acceptsSelfSigned: boolean): void {
  const grant = hub.grant as NonNullable<typeof hub.grant>
  hub.grant = { ...grant, service: { ...grant.service, protocol: 'https', acceptsSelfSigned } }
}

const upgrade = `GET /shared/${token}/ws HTTP/1.1\r\nHost: hub.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`

describe('a self-signed target', () => {
  it('is refused by default', async () => {
    useService(false)
    expect(statusOf(await sendOne(hub.port, `GET /shared/${token}/ HTTP/1.1`))).toBe(502)
    const { received } = await openRaw(hub.port, upgrade)
    await eventually(() => expect(statusOf(received())).toBe(502))
  })

  it('is served where the service says so', async () => {
    useService(true)
    expect(await sendOne(hub.port, `GET /shared/${token}/ HTTP/1.1`)).toMatch(/secret$/)
    const { socket, received } = await openRaw(hub.port, upgrade)
    await eventually(() => expect(received()).toMatch(/hi$/))
    socket.destroy()
  })
})
