// Guarantee (SSRF-02): a name server that does not answer delays the services of its own names only, for a bounded time
// and at a bounded cost; addresses, this machine and the hosts file never wait for one.
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDialCheck, createDirectDial, createServiceCheck } from '../../src/serve/index.ts'
import { createHostResolver, type HostResolverOptions } from '../../src/serve/dial/resolve-host.ts'
import { startNameServer, type NameServer } from './kit/name-server.ts'

const timeoutMs = 10_000
let folder: string
let hostsPath: string
let names: NameServer
const create = (options: HostResolverOptions = {}) =>
  createHostResolver({ servers: [names.address], hostsPath, ...options })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hosts-'))
  hostsPath = join(folder, 'hosts')
  await writeFile(hostsPath, '# 10.0.0.9 no\n127.0.0.7 nas NAS.lan # home\nfd00::7\tnas\nnonsense x\n')
  names = await startNameServer({ 'quick.test': ['127.0.0.1', '127.0.0.2'], '*.silent.test': 'silent' })
})
beforeEach(() => void names.asked.splice(0))
afterAll(async () => {
  names.close()
  await rm(folder, { recursive: true })
})

async function measure(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

describe('what needs no name server', () => {
  it.each([
    ['127.0.0.1', ['127.0.0.1']],
    ['127.1', ['127.0.0.1']],
    ['0x7f.1', ['127.0.0.1']],
    ['::1', ['::1']],
    ['fe80::1%lo', ['fe80::1%lo']],
    ['LOCALHOST.', ['127.0.0.1', '::1']],
    ['app.localhost', ['127.0.0.1', '::1']],
    ['nas', ['127.0.0.7', 'fd00::7']],
    ['Nas.Lan', ['127.0.0.7']],
  ])('%s', async (host, addresses) => {
    expect(await create()(host, { timeoutMs })).toEqual(addresses)
    expect(names.asked).toEqual([])
  })

  it('is read anew from a hosts file that has changed, and may be missing', async () => {
    const path = join(folder, 'later')
    const resolve = create({ hostsPath: path })
    await expect(resolve('box', { timeoutMs })).rejects.toMatchObject({ code: 'upstream.refused' })
    await writeFile(path, '127.0.0.8 box\n')
    expect(await resolve('box', { timeoutMs })).toEqual(['127.0.0.8'])
  })
})

describe('while 50 names are silent', () => {
  it('another one is resolved and dialled at once', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const options = { resolve: create(), allowPrivateTargets: ['127.0.0.0/8'] }
    const { port: targetPort } = server.address() as AddressInfo
    const silent = Array.from({ length: 50 }, async (_, n) =>
      options.resolve(`${n}.silent.test`, { timeoutMs }),
    )
    const settled = Promise.allSettled(silent)
    await vi.waitFor(() => expect(names.asked.length).toBeGreaterThanOrEqual(50), { timeout: 10_000 })
    const service = { id: 's', agentId: null, name: 'n', targetHost: 'quick.test', protocol: 'tcp' } as const
    const dial = createDirectDial(options)
    const { signal } = new AbortController()
    const dialMs = await measure(async () =>
      (await dial({ ...service, targetPort }, { shareId: '', kind: 'query', signal })).destroy(),
    )
    expect(dialMs).toBeLessThan(1000)
    server.close()
    for (const result of await settled) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'upstream.timeout' } })
    }
  })
})

describe('a silent name', () => {
  it('is given up in bounded time, not asked again for a while, and then it is', async () => {
    const resolve = create()
    const ask = async () =>
      expect(resolve('1.silent.test', { timeoutMs })).rejects.toMatchObject({ code: 'upstream.timeout' })
    expect(await measure(ask)).toBeLessThan(6000)
    const { length } = names.asked
    await delay(200)
    expect(await measure(ask)).toBeLessThan(500)
    expect(names.asked).toHaveLength(length)
    const askAgain = async () => {
      await ask()
      expect(names.asked.length).toBeGreaterThan(length)
    }
    await vi.waitFor(askAgain, { timeout: 50_000, interval: 100 })
  })

  it('is asked for once, by however many, and for as long as one of them waits', async () => {
    const resolve = create({ lookupsMax: 1 })
    const leaving = [new AbortController(), new AbortController()]
    const waiting = leaving.map(async ({ signal }) => resolve('2.silent.test', { signal, timeoutMs }))
    const settled = Promise.allSettled(waiting)
    await vi.waitFor(() => expect(names.asked).toHaveLength(2), { timeout: 10_000 })
    leaving[0]?.abort()
    await expect(waiting[0]).rejects.toMatchObject({ code: 'upstream.timeout' })
    expect(await Promise.race([settled, delay(100, 'one waits')])).toBe('one waits')
    await expect(resolve('quick.test', { timeoutMs })).rejects.toMatchObject({ code: 'upstream.timeout' })
    expect(names.asked).toEqual(['2.silent.test', '2.silent.test'])
    leaving[1]?.abort()
    await settled
    // Its place is free.
    expect(await resolve('quick.test', { timeoutMs })).toEqual(['127.0.0.1', '127.0.0.2'])
  })

  it('uses up the look-ups of its own workspace only', async () => {
    const resolve = create({ lookupsPerOwnerMax: 4 })
    const service = { id: 's', agentId: null, name: 'n', targetPort: 80, protocol: 'tcp' } as const
    const dial = createDirectDial({ resolve })
    const leaving = new AbortController()
    const dialSilent = (workspaceId: string, at: number) =>
      dial(
        { ...service, workspaceId, targetHost: `${100 + at}.silent.test` },
        { shareId: '', kind: 'query', signal: leaving.signal },
      )
    const greedy = Promise.allSettled(Array.from({ length: 4 }, (_, at) => dialSilent('ws_1', at)))
    await vi.waitFor(() => expect(names.asked).toHaveLength(8), { timeout: 10_000 })
    await expect(dialSilent('ws_1', 5)).rejects.toMatchObject({ code: 'upstream.timeout' })
    expect(names.asked).toHaveLength(8)
    expect(await resolve('quick.test', { owner: 'ws_2', timeoutMs })).toEqual(['127.0.0.1', '127.0.0.2'])
    const check = createDialCheck({ resolve })
    expect(await check({ workspaceId: 'ws_2', targetHost: 'quick.test', targetPort: 80 })).toBe(false)
    leaving.abort()
    await greedy
    const askAgain = async () => resolve('quick.test', { owner: 'ws_1', timeoutMs })
    await vi.waitFor(async () => expect(await askAgain()).toEqual(['127.0.0.1', '127.0.0.2']), {
      timeout: 10_000,
    })
  })

  it('ends with the time that its caller has', async () => {
    const resolve = create()
    const service = { id: 's', agentId: null, name: 'n', targetPort: 80, protocol: 'tcp' } as const
    const dial = createDirectDial({ resolve, connectTimeoutMs: 50 })
    const { signal } = new AbortController()
    const work = async () =>
      expect(
        dial({ ...service, targetHost: '3.silent.test' }, { shareId: '', kind: 'query', signal }),
      ).rejects.toMatchObject({ code: 'upstream.timeout' })
    expect(await measure(work)).toBeLessThan(1000)
  })

  it('may be saved, and its owner is told when it is checked', async () => {
    const resolve = create()
    expect(await createDialCheck({ resolve })({ targetHost: '4.silent.test', targetPort: 80 })).toBe(true)
    const check = createServiceCheck({ dial: createDirectDial({ resolve }) })
    const service = { id: 's', agentId: null, name: 'n', targetPort: 80, protocol: 'tcp' } as const
    expect(await check({ ...service, targetHost: '4.silent.test' })).toMatchObject({
      dns: 'failed',
      message: 'No name server told the address of 4.silent.test in time.',
    })
    expect(await check({ ...service, targetHost: 'none.test' })).toMatchObject({
      dns: 'failed',
      message: 'The name none.test has no address.',
    })
  })
})
