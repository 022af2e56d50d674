import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { detectProtocol, probeTcp, probeTls } from './probe-target.ts'

const servers: Server[] = []

async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, host, done))
  return (server.address() as AddressInfo).port
}

function createCertificate() {
  const dir = mkdtempSync(join(tmpdir(), 'pc-cert-'))
  const [keyFile, certFile] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-subj',
      '/CN=localhost',
      '-keyout',
      keyFile,
      '-out',
      certFile,
    ],
    { stdio: 'ignore' },
  )
  const pair = { key: readFileSync(keyFile), cert: readFileSync(certFile) }
  rmSync(dir, { recursive: true })
  return pair
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))))
})

describe('probing a local target', () => {
  it('tells a listening port from a closed one and from an unknown host', async () => {
    const port = await listen(createTcpServer((socket) => socket.destroy()))
    expect(await probeTcp({ host: '127.0.0.1', port })).toBe('listening')
    expect(await probeTcp({ host: 'localhost', port })).toBe('listening')
    expect(await probeTcp({ host: 'no-such-host.invalid', port })).toBe('unknown_host')
    const server = servers.pop()
    await new Promise((done) => server?.close(done))
    expect(await probeTcp({ host: '127.0.0.1', port })).toBe('refused')
  })

  it('finds a server that listens on IPv6 only', async () => {
    const port = await listen(createHttpServer(), '::1')
    expect(await probeTcp({ host: '::1', port })).toBe('listening')
    expect(await detectProtocol({ host: '::1', port })).toBe('http')
  })

  it('detects https with a self-signed certificate, and with a client certificate demanded', async () => {
    const pair = createCertificate()
    const plain = await listen(createHttpsServer(pair))
    expect(await detectProtocol({ host: '127.0.0.1', port: plain })).toBe('https')
    const mutual = await listen(createHttpsServer({ ...pair, requestCert: true, rejectUnauthorized: true }))
    expect(await detectProtocol({ host: '127.0.0.1', port: mutual })).toBe('https')
  })

  it('detects http, and takes a silent or hanging-up port for it in bounded time', async () => {
    expect(await detectProtocol({ host: '127.0.0.1', port: await listen(createHttpServer()) })).toBe('http')
    const silent = await listen(createTcpServer((socket) => void setTimeout(() => socket.destroy(), 1000)))
    expect(await probeTls({ host: '127.0.0.1', port: silent }, 100)).toBe(false)
    const rude = await listen(createTcpServer((socket) => socket.destroy()))
    expect(await probeTls({ host: '127.0.0.1', port: rude })).toBe(false)
  })

  it('takes a database port for tcp without talking to it', async () => {
    expect(await detectProtocol({ host: '127.0.0.1', port: 5432 })).toBe('tcp')
  })
})
