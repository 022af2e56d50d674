import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { sharePort, type SharedPort } from './kit/share.ts'

const totalBytes = 1024 ** 3
const chunk = Buffer.alloc(256 * 1024)
for (let index = 0; index < chunk.length; index += 1) chunk[index] = (index * 31 + (index >> 8)) & 255

/** The body: the same chunk over and over, its first bytes counting, so that a lost or repeated one shows. */
function* bodyChunks(): Generator<Buffer> {
  for (let at = 0; at < totalBytes; at += chunk.length) {
    const piece = Buffer.from(chunk)
    piece.writeUInt32BE(at / chunk.length, 0)
    yield piece
  }
}

function digestOfBody(): string {
  const hash = createHash('sha256')
  for (const piece of bodyChunks()) hash.update(piece)
  return hash.digest('hex')
}

function residentMiB(pid: number | undefined): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

async function writeBody(target: NodeJS.WritableStream): Promise<void> {
  for (const piece of bodyChunks()) if (!target.write(piece)) await once(target, 'drain')
  target.end()
}

// Guarantee: bodies stream. A GiB arrives byte for byte both ways, and the hub holds no more memory than before.
describe('a 1 GiB body through the tunnel', () => {
  let hub: TestHub
  let shared: SharedPort
  let app: Server
  const expected = digestOfBody()

  beforeAll(async () => {
    app = createServer((req, res) => {
      if (req.method === 'GET') {
        res.writeHead(200, { 'content-length': totalBytes })
        void writeBody(res)
        return
      }
      const hash = createHash('sha256')
      req.on('data', (data: Buffer) => hash.update(data)).on('end', () => res.end(hash.digest('hex')))
    }).listen(0, '127.0.0.1')
    await once(app, 'listening')
    hub = await startTestHub()
    shared = await sharePort(hub, (app.address() as AddressInfo).port, ['--host', '127.0.0.1'])
  }, 120_000)

  afterAll(async () => {
    await shared?.stop()
    await hub?.remove()
    app?.close()
  })

  async function watchMemory(work: () => Promise<void>): Promise<number> {
    const pid = hub.program.child.pid
    const before = residentMiB(pid)
    let most = before
    const timer = setInterval(() => (most = Math.max(most, residentMiB(pid))), 20)
    await work()
    clearInterval(timer)
    return most - before
  }

  const visit = (method: string) => {
    const { port } = new URL(shared.share.shareUrl)
    return request({ host: '127.0.0.1', port, path: `/shared/${shared.share.token}/file`, method })
  }

  it('downloads byte-identical with flat hub memory', { timeout: 300_000 }, async () => {
    const hash = createHash('sha256')
    let received = 0
    const growth = await watchMemory(async () => {
      const [response] = await once(visit('GET').end(), 'response')
      for await (const data of response as AsyncIterable<Buffer>) {
        hash.update(data)
        received += data.length
      }
    })
    expect(received).toBe(totalBytes)
    expect(hash.digest('hex')).toBe(expected)
    expect(growth).toBeLessThan(100)
  })

  it('uploads byte-identical with flat hub memory', { timeout: 300_000 }, async () => {
    let answer = ''
    const growth = await watchMemory(async () => {
      const upload = visit('POST')
      upload.setHeader('content-length', totalBytes)
      const response = once(upload, 'response')
      await writeBody(upload)
      const [body] = await response
      for await (const data of body as AsyncIterable<Buffer>) answer += data.toString()
    })
    expect(answer).toBe(expected)
    expect(growth).toBeLessThan(100)
  })
})
