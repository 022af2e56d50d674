// Guarantee: an upstream that closes idle connections soon costs its visitors nothing: an end that has arrived is seen
// before a connection is used again, whatever the hub was busy with, and nothing that was sent is sent again (SPEC §6).
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openKeptVisitor, type KeptVisitor } from './kit/kept-visitor.ts'
import { bodyOf, statusOf } from './kit/raw-client.ts'
import { startShareHub, token, type ShareHub } from './kit/share-hub.ts'

/** Runs beside this process, so that it closes while this one is busy. Answers `<connections> <requests>`. */
const upstreamCode = `
const { createServer } = require('node:net')
const { parentPort, workerData } = require('node:worker_threads')
let connections = 0, requests = 0
const server = createServer((socket) => {
  connections += 1
  let timer
  socket.on('error', () => undefined)
  socket.on('data', () => {
    requests += 1
    clearTimeout(timer)
    const text = connections + ' ' + requests
    socket.write('HTTP/1.1 200 OK\\r\\nContent-Length: ' + text.length + '\\r\\n\\r\\n' + text)
    timer = setTimeout(() => socket.end(), workerData.idleMs)
  })
})
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
`

let worker: Worker
let hub: ShareHub
let visitor: KeptVisitor
beforeEach(async () => {
  worker = new Worker(upstreamCode, { eval: true, workerData: { idleMs: 700 } })
  const upstreamPort = await new Promise<number>((resolve) => worker.once('message', resolve))
  hub = await startShareHub({ upstreamPort, options: { keepAliveTimeoutMs: 60_000 } })
  visitor = await openKeptVisitor(hub.port)
})
afterEach(async () => {
  visitor.close()
  await hub.close()
  await worker.terminate()
})

const request = (method: string): string =>
  `${method} /shared/${token}/x HTTP/1.1\r\nHost: hub.test\r\nContent-Length: 0\r\n\r\n`
const pause = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs))

/** Holds the event loop, as anything that takes long would. */
function beBusy(forMs: number): void {
  const endMs = performance.now() + forMs
  while (performance.now() < endMs);
}

describe('a connection that its upstream closed', () => {
  it('while the hub was busy with something else is not used', async () => {
    expect(bodyOf(await visitor.ask(request('GET')))).toBe('1 1')
    await pause(600)
    // The request is there before the end, and both are read after it.
    const answer = visitor.ask(request('GET'))
    beBusy(300)
    expect(bodyOf(await answer)).toBe('2 2')
  })
})

describe('a connection that is idle for half a second', () => {
  it('is used again for what may be asked again', async () => {
    await visitor.ask(request('GET'))
    await pause(550)
    expect(bodyOf(await visitor.ask(request('GET')))).toBe('1 2')
    await pause(550)
    expect(bodyOf(await visitor.ask(request('OPTIONS')))).toBe('1 3')
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('is not used for %s', async (method) => {
    await visitor.ask(request('GET'))
    expect(bodyOf(await visitor.ask(request(method)))).toBe('1 2')
    await pause(550)
    expect(bodyOf(await visitor.ask(request(method)))).toBe('2 3')
  })
})

describe('by default', () => {
  it(
    'a connection is let go of before gunicorn’s 2 s, so that polling every 2 s never meets its end',
    { timeout: 30_000 },
    async () => {
      await worker.terminate()
      worker = new Worker(upstreamCode, { eval: true, workerData: { idleMs: 2_000 } })
      const upstreamPort = await new Promise<number>((resolve) => worker.once('message', resolve))
      const own = await startShareHub({ upstreamPort })
      const polling = await openKeptVisitor(own.port)
      for (let turn = 1; turn <= 4; turn += 1) {
        const answer = await polling.ask(request('GET'))
        expect([statusOf(answer), bodyOf(answer)]).toEqual([200, `${turn} ${turn}`])
        await pause(1_995 + turn * 2)
      }
      polling.close()
      await own.close()
    },
  )
})
