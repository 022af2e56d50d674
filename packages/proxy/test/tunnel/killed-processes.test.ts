import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import {
  cleanUp,
  closeOf,
  onCleanUp,
  startHub,
  startRigAgent,
  startService,
  transports,
  untilConnected,
  type Transport,
} from './kit/tunnel-rig.ts'

/*
 * TUN-13, TUN-14, TUN-16: an agent that is killed in the middle of an answer or an upload leaves a cut, never an end;
 * a peer that stands still is noticed within 15 s; a hub that stood still is connected to again, once.
 */
afterEach(cleanUp)

interface Child {
  readonly process: ChildProcess
  readonly lines: string[]
}

function startProcess(script: URL, ...args: string[]): Child {
  return startNode(fileURLToPath(script), ...args)
}

function startNode(...args: string[]): Child {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stderr.pipe(process.stderr, { end: false })
  const lines: string[] = []
  child.stdout.on('data', (chunk: Buffer) => lines.push(...chunk.toString().trim().split('\n')))
  onCleanUp(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  return { process: child, lines }
}

async function startAgentProcess(port: number, transport: Transport) {
  const hub = await startHub()
  const child = startProcess(
    new URL('kit/agent-process.ts', import.meta.url),
    hub.url,
    String(port),
    transport,
  )
  await expect.poll(() => hub.registry.isOnline('agent_1'), { timeout: 20_000 }).toBe(true)
  return { hub, child }
}

describe.each(transports)('an agent killed over %s', (transport) => {
  it('in the middle of an answer cuts it, and the hub frees everything within a second', async () => {
    const port = await startService((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'),
    )
    const { hub, child } = await startAgentProcess(port, transport)
    const session = hub.registry.get('agent_1')
    const stream = await hub.dial('service', 'http')
    await once(stream, 'data')
    let isEnded = false
    stream.on('end', () => (isEnded = true))
    const closing = closeOf(stream)
    const startedAtMs = performance.now()
    child.process.kill('SIGKILL')
    expect(await closing).toMatchObject({ code: 'tunnel.failed' })
    expect(performance.now() - startedAtMs).toBeLessThan(1000)
    expect(isEnded).toBe(false)
    expect(session?.streamCount).toBe(0)
    expect(hub.registry.isOnline('agent_1')).toBe(false)
  })

  it('in the middle of an upload cuts both sides', async () => {
    const seen: string[] = []
    const port = await startService((socket) => {
      socket.resume()
      socket.on('end', () => seen.push('end'))
      socket.on('close', () => seen.push('close'))
    })
    const { hub, child } = await startAgentProcess(port, transport)
    const stream = await hub.dial('service', 'http')
    const pump = setInterval(() => stream.write(Buffer.alloc(1000)), 1)
    await once(stream, 'opened')
    const closing = closeOf(stream)
    child.process.kill('SIGKILL')
    expect(await closing).toMatchObject({ code: 'tunnel.failed' })
    clearInterval(pump)
  })
})

describe('a process that stands still', () => {
  it('as a service is given up after the connect timeout', async () => {
    const listen = "createServer().listen(0,'127.0.0.1',1,function(){console.log(this.address().port)})"
    const child = startNode('-e', `require('node:net').${listen}`)
    await expect.poll(() => child.lines.length, { timeout: 20_000 }).toBe(1)
    child.process.kill('SIGSTOP')
    const port = Number(child.lines[0])
    const hub = await startHub()
    const agent = startRigAgent(hub.url, { service: port }, { connectTimeoutMs: 400 })
    await untilConnected(agent)
    // The kernel accepts for it until its short queue is full; then attempts hang.
    const closings = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const stream = await hub.dial('service')
        setTimeout(() => stream.destroy(), 2000).unref()
        return closeOf(stream)
      }),
    )
    expect(closings.at(-1)).toMatchObject({ code: 'upstream.timeout' })
  })

  it('is noticed by the hub within 15 s', { timeout: 60_000 }, async () => {
    const port = await startService((socket) => socket.resume())
    const { hub, child } = await startAgentProcess(port, 'raw')
    const stream = await hub.dial('service')
    await once(stream, 'opened')
    const closing = closeOf(stream)
    child.process.kill('SIGSTOP')
    const startedAtMs = performance.now()
    expect(await closing).toMatchObject({ code: 'tunnel.failed' })
    expect(performance.now() - startedAtMs).toBeLessThan(16_000)
    child.process.kill('SIGCONT')
    await expect.poll(() => hub.registry.isOnline('agent_1'), { timeout: 20_000 }).toBe(true)
  })

  it('as a hub gets its agent back once, without a second tunnel', { timeout: 60_000 }, async () => {
    const child = startProcess(new URL('kit/hub-process.ts', import.meta.url))
    await expect.poll(() => child.lines.length, { timeout: 20_000 }).toBe(1)
    const agent = startRigAgent(
      `http://127.0.0.1:${child.lines[0]}`,
      {},
      {
        heartbeat: { pingEveryMs: 200, silentMaxMs: 500 },
        handshakeTimeoutMs: 60_000,
      },
    )
    await untilConnected(agent)
    child.process.kill('SIGSTOP')
    await expect.poll(() => agent.status.state, { timeout: 10_000 }).not.toBe('connected')
    await expect.poll(() => agent.status.state, { timeout: 10_000 }).toBe('connecting')
    child.process.kill('SIGCONT')
    await untilConnected(agent)
    await expect
      .poll(() => child.lines.slice(1).sort(), { timeout: 10_000 })
      .toEqual(['closed', 'opened', 'opened'])
  })
})
