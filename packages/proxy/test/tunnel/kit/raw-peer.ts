import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { FrameDecoder } from '../../../src/tunnel/mux/frame-decoder.ts'
import { frameType, headerBytes, writeFrameHeader } from '../../../src/tunnel/mux/frame.ts'
import { onCleanUp } from './tunnel-rig.ts'

export interface RawFrame {
  readonly type: number
  readonly streamId: number
  readonly payload: Buffer
}

/** A peer that speaks frames by hand, to break the rules with. */
export interface RawPeer {
  readonly socket: Socket
  readonly frames: RawFrame[]
  isClosed: boolean
  send(type: number, streamId: number, payload?: Buffer | string): boolean
  /** The reasons of the goaways that came, in order. */
  goaways(): string[]
}

export function encodeFrame(type: number, streamId: number, payload: Buffer | string = ''): Buffer {
  const body = Buffer.from(payload as string)
  const header = Buffer.alloc(headerBytes)
  writeFrameHeader(header, 0, { type, streamId, length: body.length })
  return Buffer.concat([header, body])
}

function speak(socket: Socket): RawPeer {
  const frames: RawFrame[] = []
  const peer: RawPeer = {
    socket,
    frames,
    isClosed: false,
    send: (type, streamId, payload) => socket.write(encodeFrame(type, streamId, payload)),
    goaways: () =>
      frames
        .filter(({ type }) => type === frameType.goaway)
        .map(({ payload }) => (JSON.parse(payload.toString()) as { reason: string }).reason),
  }
  const decoder = new FrameDecoder({
    onData: (streamId, payload) => frames.push({ type: frameType.data, streamId, payload }),
    onFrame: (type, streamId, payload) => frames.push({ type, streamId, payload }),
  })
  socket.on('data', (chunk: Buffer) => decoder.push(chunk))
  socket.on('error', () => {})
  socket.on('end', () => socket.destroy())
  socket.on('close', () => (peer.isClosed = true))
  onCleanUp(() => socket.destroy())
  return peer
}

/** Connects to a hub as an agent would, and greets unless told not to. */
export async function connectRawAgent(hubPort: number, options: { hello?: boolean } = {}): Promise<RawPeer> {
  const request = httpRequest({
    port: hubPort,
    host: '127.0.0.1',
    path: '/v1/tunnel',
    headers: {
      authorization: 'Bearer agent_1',
      connection: 'Upgrade',
      upgrade: 'private-connect-tunnel',
      'private-connect-tunnel-version': '1',
    },
  })
  const peer = await new Promise<RawPeer>((resolve, reject) => {
    request.once('upgrade', (_response, socket: Socket, head) => {
      if (head.length > 0) socket.unshift(head)
      resolve(speak(socket))
    })
    request.once('error', reject)
    request.end()
  })
  if (options.hello !== false) peer.send(frameType.hello, 0, '{}')
  return peer
}

export interface RawHub {
  readonly url: string
  readonly peers: RawPeer[]
}

/** A hub that takes any agent and then does what the test tells it. */
export async function startRawHub(): Promise<RawHub> {
  const peers: RawPeer[] = []
  const server = createServer()
  server.on('upgrade', (_request, socket: Socket, head) => {
    if (head.length > 0) socket.unshift(head)
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: private-connect-tunnel\r\n' +
        'private-connect-tunnel-version: 1\r\n\r\n',
    )
    const peer = speak(socket)
    peer.send(frameType.hello, 0, '{}')
    peers.push(peer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onCleanUp(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, peers }
}
