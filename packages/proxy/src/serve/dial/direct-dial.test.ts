import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UpstreamService } from '../dial.ts'
import { createDirectDial, type DirectDialOptions } from './direct-dial.ts'
import { createTargetCheck } from './target-address.ts'

describe('which addresses may be dialled (SSRF-02, SSRF-10)', () => {
  const isAllowed = createTargetCheck({ allowedRanges: [], ownPorts: [] })
  it.each(['93.184.216.34', '8.8.8.8', '2606:2800:220:1::1', '3000::1'])('%s: yes', (address) => {
    expect(isAllowed(address, 443)).toBe(true)
  })
  it.each(
    [
      '127.0.0.1 127.255.0.1 0.0.0.0 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 192.0.0.1',
      '198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::ffff:169.254.169.254 ::ffff:a9fe:a9fe',
      '::10.0.0.1 ::7f00:1 ::2 4000::1 fe00::1 100:0:0:1::1',
      '64:ff9b::a9fe:a9fe 2002:a9fe:a9fe:: fe80::1 fc00::1 fd00::1 ff02::1 2001:db8::1 localhost 0x7f.1x',
    ].flatMap((line) => line.split(' ')),
  )('%s: no', (address) => {
    expect(isAllowed(address, 443)).toBe(false)
  })

  it('takes listed ranges, by their bytes', () => {
    const check = createTargetCheck({ allowedRanges: ['127.0.0.0/8', 'fd00::/8'], ownPorts: [] })
    expect(check('127.0.0.1', 80)).toBe(true)
    expect(check('::ffff:127.0.0.1', 80)).toBe(true)
    expect(check('fd00::5', 80)).toBe(true)
    expect(check('10.0.0.1', 80)).toBe(false)
  })

  it("never takes the hub's own ports on this machine, listed or not", () => {
    const check = createTargetCheck({ allowedRanges: ['0.0.0.0/0', '::/0'], ownPorts: [7300] })
    const own = Object.values(networkInterfaces()).flatMap(
      (entries) => entries?.map(({ address }) => address) ?? [],
    )
    for (const address of ['127.0.0.1', '127.9.9.9', '0.0.0.0', '::1', '::ffff:127.0.0.1', ...own]) {
      expect(check(address, 7300)).toBe(false)
      expect(check(address, 7301)).toBe(true)
    }
    expect(check('10.11.12.13', 7300)).toBe(true)
  })
})

describe('createDirectDial', () => {
  let server: Server
  let targetPort: number
  beforeAll(async () => {
    server = createServer((socket) => socket.on('error', () => socket.destroy()).end('hello'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    targetPort = (server.address() as AddressInfo).port
  })
  afterAll(() => void server.close())

  const dial = (options: DirectDialOptions, service: Partial<UpstreamService> = {}, signal?: AbortSignal) =>
    createDirectDial(options)(
      { id: 's', agentId: null, name: 'n', targetHost: 'app.test', targetPort, protocol: 'tcp', ...service },
      { shareId: 'share_1', kind: 'query', signal: signal ?? new AbortController().signal },
    )
  const loopback = { allowPrivateTargets: ['127.0.0.0/8'] }

  it('resolves once and dials exactly what it checked', async () => {
    let lookups = 0
    const resolve = () => {
      lookups += 1
      return Promise.resolve(lookups === 1 ? ['127.0.0.1'] : ['169.254.169.254'])
    }
    const stream = await dial({ ...loopback, resolve })
    let text = ''
    for await (const chunk of stream) text += String(chunk)
    expect(text).toBe('hello')
    expect(lookups).toBe(1)
  })

  it('skips addresses that may not be dialled and tries the rest in order', async () => {
    const resolve = () => Promise.resolve(['10.255.255.1', '::1', '127.0.0.1'])
    const stream = await dial({ ...loopback, resolve })
    expect(stream).toMatchObject({ remoteAddress: '127.0.0.1' })
    stream.destroy()
  })

  it.each([
    ['an address that is not listed', {}, ['127.0.0.1']],
    ['a name without an address', loopback, []],
  ])('refuses %s without a word about it', async (_name, options, addresses) => {
    const refusal = dial({ ...options, resolve: () => Promise.resolve(addresses) })
    await expect(refusal).rejects.toMatchObject({ code: 'upstream.refused' })
    await expect(refusal).rejects.not.toMatchObject({ publicMessage: expect.stringContaining('127') })
  })

  it('says the same of a closed port and of a name that does not resolve', async () => {
    const resolve = () => Promise.resolve(['127.0.0.1'])
    await expect(dial({ ...loopback, resolve }, { targetPort: 1 })).rejects.toMatchObject({
      code: 'upstream.refused',
    })
    const failing = () => Promise.reject(new Error('ENOTFOUND'))
    await expect(dial({ resolve: failing })).rejects.toMatchObject({ code: 'upstream.refused' })
  })

  it('gives up when it takes too long, or when nobody wants it any more', async () => {
    // Nobody answers for an address of the benchmarking range.
    const options = { allowPrivateTargets: ['198.18.0.0/15'], resolve: () => Promise.resolve(['198.18.0.1']) }
    const slow = dial({ ...options, connectTimeoutMs: 50 })
    await expect(slow).rejects.toMatchObject({ row: { fault: 'upstream' } })
    await expect(dial(options, {}, AbortSignal.timeout(50))).rejects.toMatchObject({
      code: 'upstream.refused',
    })
  })
})
