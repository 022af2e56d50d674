// Guarantee (TOK-12): what is open on a share ends when the share's present end comes, and not when the end comes that
// it had when it was opened; an end that cannot be checked holds.
import type { Socket } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ServePorts, ShareGrant } from '../../src/serve/index.ts'
import { eventually } from './kit/eventually.ts'
import { openRaw } from './kit/raw-client.ts'
import { startRawUpstream, type RawUpstream } from './kit/raw-upstream.ts'
import { grantFor, startShareHub, token, type ShareHub } from './kit/share-hub.ts'

const toleranceMs = 1_000
const request = [
  `GET /shared/${token}/ws HTTP/1.1`,
  'Host: hub.test',
  'Connection: Upgrade',
  'Upgrade: websocket',
  '',
  '',
].join('\r\n')
const answer = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhi'

let upstream: RawUpstream
beforeAll(async () => {
  upstream = await startRawUpstream((socket, text) => {
    if (text.includes('\r\n\r\n') && socket.bytesWritten === 0) socket.write(answer)
  })
})
afterAll(() => upstream.close())

const nowMs = (): number => Date.now()
const grantUntil = (expiresAtMs: number | null, changes: Partial<ShareGrant> = {}): ShareGrant =>
  grantFor(upstream.port, { expiresAtMs, ...changes })

interface Opened {
  readonly hub: ShareHub
  readonly socket: Socket
  /** When it was cut; null while it is open. */
  readonly cutAtMs: () => number | null
}

async function openUntil(expiresAtMs: number, ports: Partial<ServePorts> = {}): Promise<Opened> {
  const hub = await startShareHub({
    upstreamPort: upstream.port,
    grant: { expiresAtMs },
    ports: { nowMs, ...ports },
  })
  const { socket, received } = await openRaw(hub.port, request)
  let cutAtMs: number | null = null
  socket.on('close', () => (cutAtMs = nowMs()))
  await eventually(() => expect(received()).toContain('hi'), { timeout: 10_000 })
  return { hub, socket, cutAtMs: () => cutAtMs }
}

async function waitForCut({ cutAtMs }: Opened): Promise<number> {
  await eventually(() => expect(cutAtMs()).not.toBeNull(), { timeout: 15_000, interval: 5 })
  return cutAtMs() ?? 0
}

describe('an open WebSocket', () => {
  it('is cut when the last of the ends that the share was given has come', { timeout: 120_000 }, async () => {
    const delays = fc.array(fc.integer({ min: 100, max: 700 }), { minLength: 0, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(delays, async (laterMs) => {
        let endMs = nowMs() + 500
        const opened = await openUntil(endMs)
        for (const ms of laterMs) {
          endMs += ms
          opened.hub.grant = grantUntil(endMs)
        }
        const cutAtMs = await waitForCut(opened)
        await opened.hub.close()
        // Timers may be a millisecond early against the wall clock.
        expect(cutAtMs).toBeGreaterThanOrEqual(endMs - 5)
        expect(cutAtMs).toBeLessThan(endMs + 10 * toleranceMs)
      }),
      { numRuns: 10 },
    )
  })

  it('outlives an end that was moved after it had been moved before', async () => {
    const startMs = nowMs()
    const opened = await openUntil(startMs + 400)
    opened.hub.grant = grantUntil(startMs + 900)
    await eventually(() => expect(nowMs()).toBeGreaterThan(startMs + 600), { timeout: 5_000 })
    expect(opened.cutAtMs()).toBeNull()
    opened.hub.grant = grantUntil(startMs + 1_500)
    expect(await waitForCut(opened)).toBeGreaterThanOrEqual(startMs + 1_495)
    await opened.hub.close()
  })

  it('stays where the end was taken away', async () => {
    const endMs = nowMs() + 300
    const opened = await openUntil(endMs)
    opened.hub.grant = grantUntil(null)
    await eventually(() => expect(nowMs()).toBeGreaterThan(endMs + toleranceMs), { timeout: 5_000 })
    expect(opened.cutAtMs()).toBeNull()
    opened.hub.shares.cutShare('share_1')
    await waitForCut(opened)
    await opened.hub.close()
  })

  it.each([
    ['revoked', async () => grantUntil(null, { isRevoked: true })],
    ['gone', async () => null],
    ['not to be found out about', () => Promise.reject(new Error('no database'))],
    ['asked about without an answer', () => new Promise<never>(() => {})],
  ])('ends at its end where the share is %s by then', async (_name, findLater) => {
    const endMs = nowMs() + 400
    let asked = 0
    const opened = await openUntil(endMs, {
      findShare: () => ((asked += 1) === 1 ? grantUntil(endMs) : findLater()),
    })
    const cutAtMs = await waitForCut(opened)
    expect(asked).toBe(2)
    expect(cutAtMs).toBeGreaterThanOrEqual(endMs - 5)
    expect(cutAtMs).toBeLessThan(endMs + 10 * toleranceMs)
    await opened.hub.close()
  })
})
