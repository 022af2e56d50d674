import { once } from 'node:events'
import { Duplex, PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { DriverSocket, wireBytesMax } from './driver-socket.ts'

/** A stream to a database, by its two ends: what the database says, and what it hears. */
function openSource() {
  const said = new PassThrough()
  const heard = new PassThrough()
  const source = Duplex.from({ readable: said, writable: heard })
  return { said, heard, source }
}

// What a database sends for one answer is bounded before a driver sees it: a single row of a gigabyte does not fill the
// hub, and whoever asks can tell this end from any other.
it('passes on what both ends say', async () => {
  const { said, heard, source } = openSource()
  const socket = new DriverSocket(source, 100)
  socket.write('ask')
  const [question] = (await once(heard, 'data')) as [Buffer]
  expect(question.toString()).toBe('ask')
  said.write('answer')
  const [answer] = (await once(socket, 'data')) as [Buffer]
  expect(answer.toString()).toBe('answer')
  expect(socket.bytesRead).toBe(6)
  expect(socket.isOver).toBe(false)
})

it('passes exactly as many bytes as may come', async () => {
  const { said, source } = openSource()
  const socket = new DriverSocket(source, 6)
  said.end('answer')
  expect((await socket.toArray()).join('')).toBe('answer')
  expect(socket.isOver).toBe(false)
})

it('stops at the first byte too many, in whatever pieces they come', async () => {
  const { said, source } = openSource()
  const socket = new DriverSocket(source, 6)
  const failed = once(socket, 'error') as Promise<[Error]>
  socket.resume()
  said.write('1234')
  said.write('567')
  const [error] = await failed
  expect(error.message).toContain('more than one answer may have')
  expect(socket.isOver).toBe(true)
  expect(source.destroyed).toBe(true)
})

it('a lost connection is no answer that was too large', async () => {
  const { source } = openSource()
  const socket = new DriverSocket(source, 6)
  const failed = once(socket, 'error') as Promise<[Error]>
  source.destroy(new Error('reset'))
  const [error] = await failed
  expect(error.message).toBe('reset')
  expect(socket.isOver).toBe(false)
})

it('closes the connection with itself, and itself with the connection', async () => {
  const first = openSource()
  new DriverSocket(first.source, 6).destroy()
  expect(first.source.destroyed).toBe(true)
  const second = new Duplex({ read: () => undefined })
  const socket = new DriverSocket(second, 6)
  const closed = once(socket, 'close')
  second.destroy()
  await closed
  expect(socket.destroyed).toBe(true)
})

it('ends what it says where the driver ends it', async () => {
  const { heard, source } = openSource()
  const socket = new DriverSocket(source, 6)
  socket.end('bye')
  expect((await heard.toArray()).join('')).toBe('bye')
})

it('asks for no more than somebody reads', async () => {
  let pieces = 0
  const source = new Duplex({
    read() {
      pieces += 1
      // Each in a turn of its own, as from a network.
      setImmediate(() => this.push(Buffer.alloc(16_384)))
    },
    write: (_chunk, _encoding, done) => done(),
  })
  const socket = new DriverSocket(source, Number.POSITIVE_INFINITY)
  socket.read(0)
  await new Promise<void>((resolve) => void source.once('pause', resolve))
  const asked = pieces
  expect(socket.readableLength).toBeLessThanOrEqual(16 * 16_384)
  expect(asked).toBeLessThan(32)
  socket.destroy()
})

it('answers to what drivers ask of a socket', async () => {
  const { source } = openSource()
  const socket = new DriverSocket(source, 6)
  const connected = once(socket, 'connect')
  expect(socket.connect()).toBe(socket)
  await connected
  for (const method of ['setNoDelay', 'setKeepAlive', 'setTimeout', 'ref', 'unref'] as const)
    expect(socket[method]()).toBe(socket)
})

it('lets a small result have the frames around it', () => {
  expect(wireBytesMax(0)).toBe(1_048_576)
  expect(wireBytesMax(1_000_000)).toBeGreaterThan(2_000_000)
})
