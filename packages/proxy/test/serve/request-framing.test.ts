// Guarantee: a request whose framing two readers could see differently is answered 400 (or 431) and ends its connection;
// nothing of it reaches the upstream as a request of its own (CASES SMG, HDR-13, HDR-14).
import { describe, expect, it } from 'vitest'
import { eventually } from './kit/eventually.ts'
import { bodyOf, headerOf, openRaw, sendOne, sendRaw, statusOf } from './kit/raw-client.ts'
import { answering, okAnswer, startRawUpstream } from './kit/raw-upstream.ts'
import { startShareForFile } from './kit/share-for-file.ts'
import { shareHost, startShareHub, token } from './kit/share-hub.ts'

const { upstream, hub } = await startShareForFile(answering(okAnswer))

const post = `POST /x HTTP/1.1\r\nHost: ${shareHost}\r\n`
const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n'

describe('malformed framing', () => {
  it.each([
    ['CL + TE', `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['two CL', `${post}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`],
    ['CL list', `${post}Content-Length: 5, 5\r\n\r\nhello`],
    ['CL +5', `${post}Content-Length: +5\r\n\r\nhello`],
    ['CL -1', `${post}Content-Length: -1\r\n\r\n`],
    ['CL 0x5', `${post}Content-Length: 0x5\r\n\r\nhello`],
    ['CL of 20 digits', `${post}Content-Length: 99999999999999999999\r\n\r\n`],
    ['TE chunked, identity', `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
    ['TE xchunked', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['TE \\x0bchunked', `${post}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`],
    ['TE chunked\\0', `${post}Transfer-Encoding: chunked\0\r\n\r\n0\r\n\r\n`],
    ['two TE', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`],
    ['bare LF', `GET /x HTTP/1.1\nHost: ${shareHost}\n\n`],
    ['bare CR', `GET /x HTTP/1.1\r\nHost: ${shareHost}\r\nA: b\rC: d\r\n\r\n`],
    ['space before colon', `GET /x HTTP/1.1\r\nHost : ${shareHost}\r\n\r\n`],
    ['obs-fold', `GET /x HTTP/1.1\r\nHost: ${shareHost}\r\nA: b\r\n c\r\n\r\n`],
    ['space before name', `GET /x HTTP/1.1\r\n Host: ${shareHost}\r\n\r\n`],
    ['two Hosts', `GET /x HTTP/1.1\r\nHost: ${shareHost}\r\nHost: other\r\n\r\n`],
    ['no Host', 'GET /x HTTP/1.1\r\n\r\n'],
    ['HTTP/0.9', 'GET /x\r\n\r\n'],
    ['HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS ClientHello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('%s → 400 and close', async (_name, bytes) => {
    const answer = await sendRaw(hub.port, `${bytes}${smuggled}`)
    expect(answer === '' ? 400 : statusOf(answer)).toBe(400)
    expect(answer.match(/HTTP\/1\.1/g)?.length ?? 0).toBeLessThanOrEqual(1)
    expect(upstream.received()).toBe('')
  })
})

describe('malformed chunks (SMG-04)', () => {
  it.each([
    ['size overflow', 'FFFFFFFFFFFFFFFFF\r\n'],
    ['negative size', '-1\r\n'],
    ['garbage behind size', '5 x\r\nhello\r\n'],
    ['wrong terminator', '5\r\nhelloXX0\r\n\r\n'],
    ['bare LF', '5\nhello\n0\n\n'],
    ['huge extension', `5;${'a'.repeat(102_400)}\r\nhello\r\n0\r\n\r\n`],
  ])('%s: the upstream never sees a complete request', async (_name, chunks) => {
    const before = upstream.received().length
    const answer = await sendRaw(
      hub.port,
      `${post}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n${chunks}${smuggled}`,
    )
    expect([0, 400, 413, 502]).toContain(statusOf(answer))
    const got = upstream.received().slice(before)
    expect(got).not.toContain('0\r\n\r\n')
    expect(got).not.toContain('smuggled')
  })
})

describe('bodies where none is usual (SMG-05)', () => {
  it.each(['GET', 'DELETE', 'OPTIONS', 'HEAD'])('%s forwards its body in exact length', async (method) => {
    const echo = await startRawUpstream((socket, text) => {
      if (text.endsWith('hello')) socket.write(okAnswer)
    })
    const own = await startShareHub({ upstreamPort: echo.port })
    const one = `${method} /shared/${token}/x HTTP/1.1\r\nHost: hub.test\r\nContent-Length: 5\r\n`
    // Two on one connection: the second must not be poisoned by the first one's body.
    const answer = await sendRaw(own.port, `${one}\r\nhello${one}Connection: close\r\n\r\nhello`)
    expect(answer.match(/200 OK/g)).toHaveLength(2)
    expect(echo.received().match(/content-length: 5\r\n/gi)).toHaveLength(2)
    expect(echo.received().match(/\r\n\r\nhello/g)).toHaveLength(2)
    await own.close()
    await echo.close()
  })
})

describe('h2c (SMG-08)', () => {
  it('is not forwarded; the request is answered as plain HTTP/1.1', async () => {
    const headers = ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABk', 'Connection: Upgrade, HTTP2-Settings']
    const bytes = [`GET /shared/${token}/h2c HTTP/1.1`, 'Host: hub.test', ...headers].join('\r\n')
    const answer = await sendRaw(hub.port, `${bytes}\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK[^]*ok$/)
    expect(upstream.received()).toMatch(/GET \/h2c HTTP\/1\.1/)
    expect(upstream.received()).not.toMatch(/upgrade:|http2-settings/i)
  })
})

describe('heads that are too large', () => {
  it('refuses more than 100 headers (HDR-13)', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => `X-${at}: 1`)
    expect(statusOf(await sendOne(hub.port, `GET /shared/${token}/x HTTP/1.1`, many(90)))).toBe(200)
    expect(statusOf(await sendOne(hub.port, `GET /shared/${token}/x HTTP/1.1`, many(100)))).toBe(431)
    expect(statusOf(await sendOne(hub.port, `GET /shared/${token}/x HTTP/1.1`, many(1_500)))).toBe(431)
  })

  it('refuses more than 16 KiB of them (HDR-14)', async () => {
    const big = (size: number) => [`X-Big: ${'a'.repeat(size)}`]
    expect(statusOf(await sendOne(hub.port, `GET /shared/${token}/x HTTP/1.1`, big(15_000)))).toBe(200)
    expect(statusOf(await sendOne(hub.port, `GET /shared/${token}/x HTTP/1.1`, big(17_408)))).toBe(431)
  })
})

/** The one shape of all refusals (SPEC §3), also where no request was read. */
function expectRefusal(answer: string, status: number, code: string): void {
  const body = JSON.parse(bodyOf(answer)) as Record<string, unknown>
  expect(body).toEqual({
    error: expect.stringMatching(/^[A-Z]/),
    message: expect.stringMatching(/^[A-Z].+\.$/),
    statusCode: status,
    code,
    requestId: expect.stringMatching(/^req_[0-9a-f]{32}$/),
  })
  expect(headerOf(answer, 'x-request-id')).toBe(body['requestId'])
  expect(headerOf(answer, 'content-type')).toBe('application/json; charset=utf-8')
  expect(headerOf(answer, 'connection')).toBe('close')
}

describe('a refusal before any request was read', () => {
  const get = `GET /x HTTP/1.1\r\nHost: ${shareHost}\r\n`
  it.each([
    [400, 'request.malformed', `GET /x HTTP/1.1\r\nHost : ${shareHost}\r\n\r\n`],
    [400, 'request.malformed', `${get}Host: other\r\n\r\n`],
    [405, 'route.method_not_allowed', `CONNECT ${shareHost}:443 HTTP/1.1\r\nHost: ${shareHost}\r\n\r\n`],
    [414, 'request.target_too_long', `GET /${'a'.repeat(17_000)} HTTP/1.1\r\nHost: ${shareHost}\r\n\r\n`],
    [417, 'request.expectation_failed', `${get}Expect: tea\r\n\r\n`],
    [431, 'request.headers_too_large', `${get}A: ${'a'.repeat(17_000)}\r\n\r\n`],
    [431, 'request.headers_too_large', `${get}${'A: b\r\n'.repeat(101)}\r\n`],
  ])('%i %s has the shape of all others, and an id of its own', async (status, code, bytes) => {
    const [one, two] = [await sendRaw(hub.port, bytes), await sendRaw(hub.port, bytes)]
    expectRefusal(one, status, code)
    expectRefusal(two, status, code)
    expect(headerOf(one, 'x-request-id')).not.toBe(headerOf(two, 'x-request-id'))
  })
})

describe('a slow head', () => {
  it('ends with 408 (DOS-01)', { timeout: 60_000 }, async () => {
    const { socket, received } = await openRaw(hub.port, `GET /x HTTP/1.1\r\nHost: ${shareHost}\r\nA: `)
    await eventually(() => expect(statusOf(received())).toBe(408), { timeout: 50_000, interval: 200 })
    expectRefusal(received(), 408, 'request.timeout')
    expect(socket.destroyed || socket.readableEnded).toBe(true)
  })
})
