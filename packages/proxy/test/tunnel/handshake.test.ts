import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { frameType } from '../../src/tunnel/mux/frame.ts'
import { encodeFrame } from './kit/raw-peer.ts'
import { cleanUp, onCleanUp, startHub } from './kit/tunnel-rig.ts'

/*
 * The handshake: only an upgrade of a version that the hub speaks becomes a tunnel, anything else is answered in HTTP;
 * frames that came in the same packet as the request are read first.
 */
afterEach(cleanUp)

const good: Readonly<Record<string, string>> = {
  host: 'hub.test',
  authorization: 'Bearer agent_1',
  connection: 'Upgrade',
  upgrade: 'private-connect-tunnel',
  'private-connect-tunnel-version': '1',
}

async function send(
  port: number,
  headers: Readonly<Record<string, string>>,
  tail = Buffer.alloc(0),
): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  onCleanUp(() => socket.destroy())
  await once(socket, 'connect')
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.write(Buffer.concat([Buffer.from(`GET /v1/tunnel HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`), tail]))
  return socket
}

async function answerTo(port: number, headers: Readonly<Record<string, string>>): Promise<string> {
  const socket = await send(port, headers)
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return text
}

describe('the handshake', () => {
  it('reads frames that came behind the request in one packet', async () => {
    const hub = await startHub()
    const frames = Buffer.concat([
      encodeFrame(frameType.hello, 0, '{"version":"7.7.7"}'),
      encodeFrame(frameType.ping, 0, '12345678'),
    ])
    const socket = await send(hub.port, good, frames)
    let text = ''
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
    await expect.poll(() => hub.registry.get('agent_1')?.hello?.version).toBe('7.7.7')
    await expect.poll(() => text).toContain('12345678')
    expect(text).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/)
  })

  it.each([
    { name: 'no version', headers: { ...good, 'private-connect-tunnel-version': '' } },
    { name: 'other versions', headers: { ...good, 'private-connect-tunnel-version': '2, 3' } },
    { name: 'another upgrade', headers: { ...good, upgrade: 'h2c' } },
    { name: 'a WebSocket without our subprotocol', headers: { ...good, upgrade: 'websocket' } },
  ])('answers $name with 426 and the error of the table', async ({ headers }) => {
    const hub = await startHub()
    const answer = await answerTo(hub.port, headers)
    expect(answer).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\n/)
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({
      code: 'tunnel.upgrade_required',
      statusCode: 426,
      requestId: 'req_1',
    })
    expect(hub.registry.isOnline('agent_1')).toBe(false)
  })

  it('names its own versions to an agent that speaks others', async () => {
    const hub = await startHub()
    const answer = await answerTo(hub.port, { ...good, 'private-connect-tunnel-version': '2' })
    expect(answer).toContain('\r\nprivate-connect-tunnel-version: 1\r\n')
  })

  it('takes one of several offered versions', async () => {
    const hub = await startHub()
    await send(hub.port, { ...good, 'private-connect-tunnel-version': '1, 2' })
    await expect.poll(() => hub.registry.isOnline('agent_1')).toBe(true)
  })

  it('leaves a malformed WebSocket handshake to a plain answer', async () => {
    const hub = await startHub()
    const headers = {
      ...good,
      upgrade: 'websocket',
      'sec-websocket-protocol': 'private-connect-tunnel',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'short',
    }
    expect(await answerTo(hub.port, headers)).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(hub.registry.isOnline('agent_1')).toBe(false)
  })
})
