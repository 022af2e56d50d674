// Guarantee (DOS-12, HDR-13, HDR-14): a WebSocket handshake with more or larger headers than the hub takes is 431 and ends
// its connection, nothing of it reaches the service, and the next visitor is served.
import { expect, it } from 'vitest'
import { sendOne, sendRaw, statusOf } from './kit/raw-client.ts'
import { okAnswer } from './kit/raw-upstream.ts'
import { startShareForFile } from './kit/share-for-file.ts'
import { token } from './kit/share-hub.ts'

const { upstream, hub } = await startShareForFile((socket, text) => {
  if (text.includes('\r\n\r\n')) socket.write(okAnswer)
})

const handshake = [
  `GET /shared/${token}/socket HTTP/1.1`,
  'Host: hub.test',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]
const many = (count: number): string[] => Array.from({ length: count }, (_, at) => `X-${at}: 1`)

it.each([
  ['101 headers', many(101 - 5)],
  ['1,500 headers', many(1_500)],
  ['3,000 headers', many(3_000)],
  ['one of 17 KiB', [`X: ${'a'.repeat(17_408)}`]],
  ['17 KiB together', Array.from({ length: 34 }, (_, at) => `X-${at}: ${'a'.repeat(512)}`)],
])('%s: 431', async (_name, headers) => {
  const answer = await sendRaw(hub.port, [...handshake, ...headers, '', ''].join('\r\n'))
  expect(statusOf(answer)).toBe(431)
  expect(answer).toMatch(/^connection: close/im)
  expect(upstream.received()).not.toContain('/socket')
  expect(statusOf(await sendOne(hub.port, `GET /shared/${token}/next HTTP/1.1`))).toBe(200)
})

it('100 headers pass', async () => {
  const answer = sendRaw(hub.port, [...handshake, ...many(95), '', ''].join('\r\n'), (got) =>
    got.includes('ok'),
  )
  expect(statusOf(await answer)).toBe(200)
})
