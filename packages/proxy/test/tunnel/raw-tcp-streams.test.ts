import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import {
  cleanUp,
  closeOf,
  readAll,
  startHub,
  startRigAgent,
  startService,
  untilConnected,
} from './kit/tunnel-rig.ts'

/*
 * TUN-25: a stream to something that is no web app, such as a database, is a bare TCP connection to the one target that
 * was shared: every byte as it is, HTTP or not, and no way to any other port.
 */
afterEach(cleanUp)

it('carries every byte to the one target, HTTP or not, and back', async () => {
  const received: Buffer[] = []
  const port = await startService((socket) => {
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk)
      socket.write(chunk)
    })
    socket.on('end', () => socket.end())
  })
  const hub = await startHub()
  const agent = startRigAgent(hub.url, { database: port })
  await untilConnected(agent)
  const stream = await hub.dial('database', 'query')
  const sent = Buffer.concat([
    Buffer.from('GET / HTTP/1.1\r\nHost: other:22\r\nConnection: Upgrade\r\n\r\n'),
    Buffer.from([0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f]),
    randomBytes(300_000),
  ])
  stream.write(sent)
  stream.end()
  const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
  expect(digest(await readAll(stream))).toBe(digest(sent))
  expect(digest(Buffer.concat(received))).toBe(digest(sent))
})

it('leads to no other port, whatever is asked for', async () => {
  const visited: Socket[] = []
  const secret = await startService((socket) => visited.push(socket))
  const hub = await startHub()
  const agent = startRigAgent(hub.url, { database: await startService((socket) => socket.end('hello')) })
  await untilConnected(agent)
  for (const asked of [`127.0.0.1:${secret}`, String(secret), `database:${secret}`, 'database\0']) {
    expect(await closeOf(await hub.dial(asked, 'query'))).toMatchObject({ code: 'share.not_shared' })
  }
  expect((await readAll(await hub.dial('database', 'query'))).toString()).toBe('hello')
  expect(visited).toHaveLength(0)
})

it('passes a reset on as a failure, and a half-close as one (TUN-21)', async () => {
  const port = await startService((socket) => {
    socket.once('data', (text: Buffer) => {
      if (text.toString() === 'reset') socket.resetAndDestroy()
      else socket.end('bye')
    })
  })
  const hub = await startHub()
  const agent = startRigAgent(hub.url, { database: port })
  await untilConnected(agent)
  const reset = await hub.dial('database', 'query')
  reset.write('reset')
  expect(await closeOf(reset)).toMatchObject({ code: 'upstream.failed' })
  const ended = await hub.dial('database', 'query')
  ended.write('end')
  await once(ended, 'readable')
  expect((await readAll(ended)).toString()).toBe('bye')
})
