import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { testCertificate } from '../test/kit/certificate.ts'
import { detectProtocol, probeTcp, probeTls } from './probe-target.ts'

const servers: Server[] = []

async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, host, done))
  return (server.address() as AddressInfo).port
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
    expect((await detectProtocol({ host: '::1', port })).protocol).toBe('http')
  })

  it('detects https with a self-signed certificate, and with a client certificate demanded', async () => {
    const plain = await listen(createHttpsServer(testCertificate))
    expect((await detectProtocol({ host: '127.0.0.1', port: plain })).protocol).toBe('https')
    expect((await detectProtocol({ host: 'localhost', port: plain })).isTrusted).toBe(false)
    const mutual = await listen(
      createHttpsServer({ ...testCertificate, requestCert: true, rejectUnauthorized: true }),
    )
    expect((await detectProtocol({ host: '127.0.0.1', port: mutual })).protocol).toBe('https')
  })

  it('detects http, and takes a silent or hanging-up port for it in bounded time', async () => {
    expect(
      (await detectProtocol({ host: '127.0.0.1', port: await listen(createHttpServer()) })).protocol,
    ).toBe('http')
    const silent = await listen(createTcpServer((socket) => void setTimeout(() => socket.destroy(), 1000)))
    expect(await probeTls({ host: '127.0.0.1', port: silent }, 100)).toBe('none')
    const rude = await listen(createTcpServer((socket) => socket.destroy()))
    expect(await probeTls({ host: '127.0.0.1', port: rude })).toBe('none')
  })

  it('takes the word of the user, and still looks at the certificate', async () => {
    const plain = await listen(createHttpServer())
    expect(await detectProtocol({ host: '127.0.0.1', port: plain }, true)).toEqual({
      protocol: 'https',
      isTrusted: true,
    })
    const selfSigned = await listen(createHttpsServer(testCertificate))
    expect(await detectProtocol({ host: 'localhost', port: selfSigned }, true)).toEqual({
      protocol: 'https',
      isTrusted: false,
    })
  })

  it('takes a database port for tcp without talking to it', async () => {
    expect((await detectProtocol({ host: '127.0.0.1', port: 5432 })).protocol).toBe('tcp')
  })
})
