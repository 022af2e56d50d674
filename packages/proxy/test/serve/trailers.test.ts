// Guarantee: trailers pass both ways where both ends can take them, but never one that would rule a message, a cookie or
// a credential from a place where nobody looks (SPEC §6; SMG-16).
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { bodyOf, sendOne, sendRaw } from './kit/raw-client.ts'
import { okAnswer } from './kit/raw-upstream.ts'
import { startShareForFile } from './kit/share-for-file.ts'
import { shareHost } from './kit/share-hub.ts'

let answer: (socket: Socket, text: string) => void
const { upstream, hub } = await startShareForFile((socket, text) => answer(socket, text))

const forbidden = [
  'Content-Length: 5',
  'Transfer-Encoding: chunked',
  'Host: evil.test',
  'Set-Cookie: a=1',
  'Cookie: a=1',
  'Authorization: Basic x',
  'Location: https://evil.test',
  'Content-Type: text/html',
  'Content-Security-Policy: x',
  'Access-Control-Allow-Origin: *',
  'X-Forwarded-For: 1.2.3.4',
  'X-Shared-Access: no',
  'X_Forwarded_For: 1.2.3.4',
  'Connection: close',
  'Trailer: x',
  'Cache-Control: public',
  'Strict-Transport-Security: max-age=1',
]
const allowed = [
  'X-Checksum: abc',
  'Server-Timing: db;dur=1',
  'Content-Digest: sha-256=:x:',
  'x-checksum: again',
]

describe('trailers of an answer', () => {
  const get = (headers: readonly string[], version = '1.1'): Promise<string> =>
    sendOne(hub.port, `GET /x HTTP/${version}`, [`Host: ${shareHost}`, ...headers])

  it('reach a visitor who takes trailers, without those that rule', async () => {
    answer = (socket) => {
      const trailers = [...forbidden.filter((line) => !/^X[-_](?:Shared|Forwarded)/.test(line)), ...allowed]
      socket.write('HTTP/1.1 200 OK\r\nTrailer: X-Checksum\r\nTransfer-Encoding: chunked\r\n\r\n')
      socket.write(`2\r\nok\r\n0\r\n${trailers.join('\r\n')}\r\n\r\n`)
    }
    const got = await get(['TE: trailers, deflate'])
    expect(bodyOf(got)).toBe(`2\r\nok\r\n0\r\n${allowed.join('\r\n')}\r\n\r\n`)
    expect(got).not.toMatch(/^trailer:/im)
    expect(bodyOf(await get([]))).toBe('2\r\nok\r\n0\r\n\r\n')
    expect(bodyOf(await get(['TE: trailers'], '1.0'))).toBe('ok')
  })
})

describe('trailers of a request', () => {
  const head = `POST /x HTTP/1.1\r\nHost: ${shareHost}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`

  it('reach the upstream, without those that rule or hold a credential of the hub', async () => {
    answer = (socket, text) => {
      if (/0\r\n(?:.+\r\n)*\r\n$/.test(text)) socket.write(okAnswer)
    }
    const secret = `X-Key: pc_live_${'a'.repeat(26)}`
    const trailers = [
      ...forbidden.filter((line) => !/^(?:Content-Length|Transfer)/.test(line)),
      secret,
      ...allowed,
    ]
    await sendRaw(hub.port, `${head}2\r\nok\r\n0\r\n${trailers.join('\r\n')}\r\n\r\n`)
    expect(upstream.received()).toMatch(/\r\n\r\n2\r\nok\r\n0\r\n[^]*\r\n\r\n$/)
    expect(upstream.received().split('0\r\n').at(-1)).toBe(`${allowed.join('\r\n')}\r\n\r\n`)
  })
})
