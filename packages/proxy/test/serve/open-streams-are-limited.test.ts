// Guarantee (RL-06, SPEC §5): a share has at most as many open streams as it may, and so have all shares of a workspace
// together; one more is 429 with a time to come back, a place that is given back can be taken, and another workspace
// has its own. An upgraded connection is one stream and one request, whatever moves on it.
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from './kit/eventually.ts'
import { headerOf, openRaw, sendOne, statusOf } from './kit/raw-client.ts'
import { okAnswer, startRawUpstream, type RawUpstream } from './kit/raw-upstream.ts'
import { grantFor, startShareHub, token, type ShareHub } from './kit/share-hub.ts'

const tokenOf = (letter: string): string => `share_tok_${letter.repeat(26)}`

/** Holds what asks for it, answers the rest. */
function answer(socket: Socket, text: string): void {
  if (!text.includes('\r\n\r\n') || text.includes('/hold')) return
  if (!text.includes('/ws')) socket.write(okAnswer)
  else if (socket.bytesWritten === 0)
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhi')
}

let upstream: RawUpstream
let hub: ShareHub
beforeEach(async () => {
  upstream = await startRawUpstream(answer)
})
afterEach(async () => {
  await hub.close()
  await upstream.close()
})

const hold = (asked: string): string => `GET /shared/${asked}/hold HTTP/1.1\r\nHost: hub.test\r\n\r\n`
const quick = (asked: string): Promise<string> => sendOne(hub.port, `GET /shared/${asked}/quick HTTP/1.1`)

/** Tokens of one letter: a and b are shares of one workspace, c is another's. */
async function startTenants(options: { streamsPerShareMax: number; streamsPerWorkspaceMax: number }) {
  hub = await startShareHub({
    upstreamPort: upstream.port,
    options,
    ports: {
      findShare(asked) {
        const letter = asked.at(-1) ?? ''
        return grantFor(upstream.port, {
          id: `share_${letter}`,
          workspaceId: letter === 'c' ? 'ws_2' : 'ws_1',
          rateLimitPerMin: 100,
        })
      },
    },
  })
}

async function holdOpen(asked: string, count: number): Promise<Socket[]> {
  const before = hub.shares.openCount
  const opened = await Promise.all(Array.from({ length: count }, () => openRaw(hub.port, hold(asked))))
  await eventually(() => expect(hub.shares.openCount).toBe(before + count))
  return opened.map(({ socket }) => socket)
}

describe('open streams', () => {
  it('are as many as a share may have, and a place that is given back is free', async () => {
    await startTenants({ streamsPerShareMax: 3, streamsPerWorkspaceMax: 100 })
    const held = await holdOpen(tokenOf('a'), 3)
    const refused = await quick(tokenOf('a'))
    expect(statusOf(refused)).toBe(429)
    expect(headerOf(refused, 'retry-after')).toBe('1')
    expect(refused).toContain('share.streams_exhausted')
    expect(statusOf(await quick(tokenOf('b')))).toBe(200)
    held[0]?.destroy()
    await eventually(() => expect(hub.shares.openCount).toBe(2))
    expect(statusOf(await quick(tokenOf('a')))).toBe(200)
  })

  it('are as many as the shares of a workspace may have together, and no other workspace’s concern', async () => {
    await startTenants({ streamsPerShareMax: 100, streamsPerWorkspaceMax: 4 })
    await holdOpen(tokenOf('a'), 2)
    const held = await holdOpen(tokenOf('b'), 2)
    for (const letter of ['a', 'b']) {
      const refused = await quick(tokenOf(letter))
      expect(statusOf(refused)).toBe(429)
      expect(refused).toContain('The shares of this workspace')
    }
    expect(statusOf(await quick(tokenOf('c')))).toBe(200)
    for (const socket of held) socket.destroy()
    await eventually(() => expect(hub.shares.openCount).toBe(2))
    expect(statusOf(await quick(tokenOf('a')))).toBe(200)
  })

  it('stay counted for their workspace when a share was cut and visited again', async () => {
    await startTenants({ streamsPerShareMax: 100, streamsPerWorkspaceMax: 2 })
    await holdOpen(tokenOf('b'), 1)
    await holdOpen(tokenOf('a'), 1)
    hub.shares.cutShare('share_a')
    await eventually(() => expect(hub.shares.openCount).toBe(1))
    await holdOpen(tokenOf('a'), 1)
    expect(statusOf(await quick(tokenOf('a')))).toBe(429)
    expect(statusOf(await quick(tokenOf('b')))).toBe(429)
  })

  it('count a WebSocket once, as a request too, whatever it carries', async () => {
    await startTenants({ streamsPerShareMax: 1, streamsPerWorkspaceMax: 100 })
    const upgrade = `GET /shared/${tokenOf('a')}/ws HTTP/1.1\r\nHost: hub.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`
    const { socket, received } = await openRaw(hub.port, upgrade)
    await eventually(() => expect(received()).toContain('hi'))
    for (let frame = 0; frame < 10_000; frame += 1) socket.write(Buffer.from([0x81, 0x80, 1, 2, 3, 4]))
    await eventually(() => expect(upstream.received().length).toBeGreaterThan(60_000))
    expect(hub.shares.openCount).toBe(1)
    expect(statusOf(await quick(tokenOf('a')))).toBe(429)
    socket.destroy()
    await eventually(() => expect(hub.shares.openCount).toBe(0))
    // 100 a minute: the upgrade, one that was refused for its stream, and 98 more.
    const statuses = []
    for (let at = 0; at < 99; at += 1) statuses.push(statusOf(await quick(tokenOf('a'))))
    expect(statuses.filter((status) => status === 200)).toHaveLength(98)
    expect(statuses.at(-1)).toBe(429)
  })

  it('are 200 for a share and 2,000 for a workspace where nobody says otherwise', async () => {
    hub = await startShareHub({ upstreamPort: upstream.port })
    await Promise.all(Array.from({ length: 200 }, () => openRaw(hub.port, hold(token))))
    await eventually(() => expect(hub.shares.openCount).toBe(200))
    expect(statusOf(await quick(token))).toBe(429)
  })
})
