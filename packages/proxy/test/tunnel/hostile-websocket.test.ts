import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { cleanUp, onCleanUp, startHub, startRigAgent, untilConnected, type Hub } from './kit/tunnel-rig.ts'

/*
 * DOS-11: an agent that connects by WebSocket cannot make the hub hold or inflate anything: a message above 1 MiB, announced
 * or in fragments, and a compressed one that was never agreed on end its connection, and nothing else.
 */
afterEach(cleanUp)

const mebibyte = 1024 * 1024
const head = (port: number): string =>
  [
    'GET /v1/tunnel HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Protocol: private-connect-tunnel',
    'Sec-WebSocket-Extensions: permessage-deflate',
    'Authorization: Bearer agent_2',
    'Private-Connect-Tunnel-Version: 1',
    '',
    '',
  ].join('\r\n')

/** A client's frame with a zero mask; `length` may say more than follows. */
function frame(first: number, length: bigint, payload = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(14)
  bytes[0] = first
  bytes[1] = 0x80 | 127
  bytes.writeBigUInt64BE(length, 2)
  return Buffer.concat([bytes, payload])
}

async function openWebSocket(hub: Hub): Promise<{ socket: Socket; closeCode: () => number }> {
  const socket = connect(hub.port, '127.0.0.1')
  onCleanUp(() => socket.destroy())
  socket.on('error', () => undefined)
  let received = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
  })
  socket.write(head(hub.port))
  await expect.poll(() => received.toString('latin1')).toContain('HTTP/1.1 101')
  // Never agreed on, whatever the agent offers.
  expect(received.toString('latin1').toLowerCase()).not.toContain('sec-websocket-extensions')
  return {
    socket,
    closeCode: () => {
      const at = received.lastIndexOf(Buffer.from([0x88, 0x02]))
      return at === -1 ? 0 : received.readUInt16BE(at + 2)
    },
  }
}

const attacks: readonly (readonly [string, readonly number[], (socket: Socket) => void])[] = [
  [
    'a message of 100 MiB',
    [1009],
    (socket) => {
      socket.write(frame(0x82, BigInt(100 * mebibyte)))
    },
  ],
  [
    'a length of 2^63 - 1',
    [1009],
    (socket) => {
      socket.write(frame(0x82, 2n ** 63n - 1n))
    },
  ],
  [
    'a length with its highest bit set',
    [1002, 1009],
    (socket) => {
      socket.write(frame(0x82, 2n ** 64n - 1n))
    },
  ],
  [
    'a message of 2 MiB in fragments',
    [1009],
    (socket) => {
      socket.write(frame(0x02, 1n, Buffer.alloc(1)))
      for (let at = 0; at < 32; at += 1) socket.write(frame(0x00, 65_536n, Buffer.alloc(65_536)))
    },
  ],
  [
    'a compressed message',
    [1002],
    (socket) => {
      socket.write(frame(0xc2, 4n, Buffer.alloc(4)))
    },
  ],
]

describe('a hub and an agent’s WebSocket', () => {
  it.each(attacks)('closes on %s', async (_name, codes, attack) => {
    const hub = await startHub()
    const agent = startRigAgent(hub.url)
    await untilConnected(agent)
    const before = process.memoryUsage().rss
    const { socket, closeCode } = await openWebSocket(hub)
    attack(socket)
    await expect.poll(() => socket.destroyed, { timeout: 10_000 }).toBe(true)
    expect(codes).toContain(closeCode())
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * mebibyte)
    await expect.poll(() => hub.registry.onlineCount).toBe(1)
    expect(agent.status.state).toBe('connected')
  })

  it('survives a million empty fragments', { timeout: 60_000 }, async () => {
    const hub = await startHub()
    const agent = startRigAgent(hub.url)
    await untilConnected(agent)
    const { socket } = await openWebSocket(hub)
    const before = process.memoryUsage().rss
    socket.write(frame(0x02, 0n))
    const many = Buffer.concat(Array.from({ length: 10_000 }, () => Buffer.from([0x00, 0x80, 0, 0, 0, 0])))
    for (let at = 0; at < 100 && !socket.destroyed; at += 1) socket.write(many)
    await expect.poll(() => socket.destroyed || socket.writableLength === 0, { timeout: 30_000 }).toBe(true)
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * mebibyte)
    expect(agent.status.state).toBe('connected')
  })
})
