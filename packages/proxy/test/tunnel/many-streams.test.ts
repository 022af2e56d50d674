import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import {
  cleanUp,
  startEcho,
  startHub,
  startRigAgent,
  transports,
  untilConnected,
  type Hub,
} from './kit/tunnel-rig.ts'

/*
 * TUN-10: a thousand streams at once, of any size, some of them aborted at any moment; no byte of one ever shows up
 * in another, and nothing is left behind.
 */
afterEach(cleanUp)

/** Echoes a random text in random pieces; resolves true when it came back whole, false when it was aborted. */
async function exchange(hub: Hub, pattern: Buffer): Promise<boolean> {
  const start = randomInt(1000)
  const sent = pattern.subarray(start, start + randomInt(1, 60_000))
  const abortAt = randomInt(5) === 0 ? randomInt(sent.length) : Infinity
  const stream = await hub.dial('echo')
  let seen = 0
  stream.on('data', (chunk: Buffer) => {
    if (!sent.subarray(seen, seen + chunk.length).equals(chunk)) throw new Error('a byte of another stream')
    seen += chunk.length
    if (seen > abortAt) stream.destroy()
  })
  for (let offset = 0; offset < sent.length && !stream.destroyed;) {
    const end = offset + randomInt(1, 30_000)
    const isTaken = stream.write(sent.subarray(offset, end))
    offset = end
    if (!isTaken && !stream.destroyed) await Promise.race([once(stream, 'drain'), once(stream, 'close')])
  }
  stream.end()
  if (!stream.closed) await once(stream, 'close')
  expect(abortAt === Infinity ? seen : sent.length).toBe(sent.length)
  return abortAt === Infinity
}

describe.each(transports)('a thousand streams over %s', (transport) => {
  it('come back whole, or are aborted, and leave nothing behind', { timeout: 120_000 }, async () => {
    const hub = await startHub()
    const agent = startRigAgent(hub.url, { echo: await startEcho() }, { transport })
    await untilConnected(agent)
    const pattern = randomBytes(61_000)
    const results = await Promise.all(Array.from({ length: 1000 }, () => exchange(hub, pattern)))
    expect(results.filter(Boolean).length).toBeGreaterThan(600)
    await expect.poll(() => hub.registry.get('agent_1')?.streamCount).toBe(0)
    expect(agent.status.state).toBe('connected')
  })

  it('are the most: one more is refused as overloaded', async () => {
    const hub = await startHub({ accept: { limits: { streamsMax: 20 } } })
    const agent = startRigAgent(hub.url, { echo: await startEcho() }, { transport })
    await untilConnected(agent)
    const streams = await Promise.all(Array.from({ length: 20 }, () => hub.dial('echo')))
    await expect(hub.dial('echo')).rejects.toMatchObject({ code: 'tunnel.overloaded', retryAfterSeconds: 1 })
    for (const stream of streams) stream.destroy()
    expect(hub.registry.get('agent_1')?.streamCount).toBe(0)
  })
})
