// Guarantee: unusual headers of an app pass as they are, heads that are too much of a good thing are 502, and neither
// ranges nor HEAD are changed on their way (RSP-17, SPEC §6).
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { bodyOf, headerOf, sendOne, statusOf } from './kit/raw-client.ts'
import { answering, okAnswer } from './kit/raw-upstream.ts'
import { startShareForFile } from './kit/share-for-file.ts'
import { shareHost } from './kit/share-hub.ts'

let answer: (socket: Socket, text: string) => void
const { upstream, hub } = await startShareForFile((socket, text) => answer(socket, text))

const ways = {
  request: ['Accept: */*'],
  upgrade: ['Connection: Upgrade', 'Upgrade: websocket'],
}
const ask = (headers: readonly string[], method = 'GET'): Promise<string> =>
  sendOne(hub.port, `${method} /x HTTP/1.1`, [`Host: ${shareHost}`, ...headers])
const saying = (...headers: string[]): string =>
  ['HTTP/1.1 200 OK', ...headers, 'Content-Length: 2', '', 'ok'].join('\r\n')
const numbered = (count: number): string[] => Array.from({ length: count }, (_, at) => `X-${at}: 1`)

describe.each(Object.entries(ways))('the answer to %s', (_way, headers) => {
  it.each([
    'Refresh: 5; url=/next',
    'Link: </a.css>; rel=preload',
    'SourceMap: /a.js.map',
    'X-Bytes: caf\xe9 \x80\xff',
    'X-Empty: ',
    'Server-Timing: a;dur=1',
  ])('passes on %j', async (header) => {
    answer = answering(saying(header))
    const got = await ask(headers)
    expect(statusOf(got)).toBe(200)
    expect(got.toLowerCase()).toContain(header.trim().toLowerCase())
    expect(bodyOf(got)).toMatch(/ok/)
  })

  it.each<[string, string[], number]>([
    ['199 headers', numbered(199), 200],
    ['201 headers', numbered(200), 502],
    ['500 headers', numbered(500), 502],
    ['60 KiB of them', [`X-Big: ${'a'.repeat(60_000)}`], 200],
    ['more than 64 KiB of them', [`X-Big: ${'a'.repeat(70_000)}`], 502],
    ['a control byte in a value', ['X-Bad: a\x01b'], 502],
    ['a NUL in a value', ['X-Bad: a\0b'], 502],
    ['a space in a name', ['X Bad: 1'], 502],
  ])('with %s is %i', async (...[, extra, status]) => {
    answer = answering(saying(...extra))
    expect(statusOf(await ask(headers))).toBe(status)
    answer = answering(okAnswer)
    expect(statusOf(await ask(headers))).toBe(200)
  })
})

describe('a range', () => {
  it('is asked for, and its answer passes byte for byte', async () => {
    const before = upstream.received().length
    const lines = [
      'Content-Range: bytes 2-3/10',
      'ETag: "1"',
      'Accept-Ranges: bytes',
      'Content-Type: text/html',
    ]
    answer = answering(`HTTP/1.1 206 Partial Content\r\n${lines.join('\r\n')}\r\nContent-Length: 2\r\n\r\n<b`)
    const got = await ask(['Range: bytes=2-3', 'If-Range: "1"', 'Accept-Encoding: gzip'])
    expect(statusOf(got)).toBe(206)
    for (const line of lines) expect(got).toContain(line)
    expect(bodyOf(got)).toBe('<b')
    expect(upstream.received().slice(before)).toMatch(
      /Range: bytes=2-3\r\nIf-Range: "1"\r\nAccept-Encoding: gzip/,
    )
  })

  it('of several parts, and one that cannot be had, pass too', async () => {
    answer = answering(
      'HTTP/1.1 206 X\r\nContent-Type: multipart/byteranges; boundary=a\r\nContent-Length: 2\r\n\r\n--',
    )
    expect(bodyOf(await ask(['Range: bytes=0-1,4-5']))).toBe('--')
    answer = answering(
      'HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */10\r\nContent-Length: 0\r\n\r\n',
    )
    const got = await ask(['Range: bytes=99-'])
    expect([statusOf(got), headerOf(got, 'content-range')]).toEqual([416, 'bytes */10'])
  })
})

describe('HEAD', () => {
  it('has the headers of the upstream, its length too, and no body', async () => {
    answer = answering(
      'HTTP/1.1 200 OK\r\nContent-Length: 12345\r\nETag: "1"\r\nContent-Type: image/png\r\n\r\n',
    )
    const got = await ask([], 'HEAD')
    expect([headerOf(got, 'content-length'), headerOf(got, 'etag')]).toEqual(['12345', '"1"'])
    expect(bodyOf(got)).toBe('')
  })
})
