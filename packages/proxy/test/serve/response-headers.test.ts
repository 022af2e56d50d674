// Guarantee: an app cannot speak for the hub's host, its redirects and cookies lead back into the share, and the token
// (the host) reaches no other origin (SPEC §6; RSP-05, RSP-07, TOK-07, HDR-17).
import { describe, expect, it } from 'vitest'
import { sendOne } from './kit/raw-client.ts'
import { startShareForFile } from './kit/share-for-file.ts'
import { domain, shareHost, token } from './kit/share-hub.ts'

let upstreamHeaders: readonly string[] = []
const { upstream, hub } = await startShareForFile((socket, text) => {
  if (!text.endsWith('\r\n\r\n')) return
  socket.write(['HTTP/1.1 200 OK', ...upstreamHeaders, 'Content-Length: 0', '', ''].join('\r\n'), 'latin1')
})

async function received(
  headers: readonly string[],
  form: 'path' | 'subdomain' = 'subdomain',
): Promise<string[]> {
  upstreamHeaders = headers.map((header) => header.replaceAll('TARGET', `127.0.0.1:${upstream.port}`))
  const answer =
    form === 'path'
      ? await sendOne(hub.port, `GET /shared/${token}/x HTTP/1.1`)
      : await sendOne(hub.port, 'GET /x HTTP/1.1', [`Host: ${shareHost}`])
  return answer.slice(0, answer.indexOf('\r\n\r\n')).split('\r\n').slice(1)
}

function valuesOf(lines: readonly string[], name: string): string[] {
  const start = `${name}: `
  return lines.filter((line) => line.toLowerCase().startsWith(start)).map((line) => line.slice(start.length))
}

describe('what an app may not say for the whole host', () => {
  it('is removed', async () => {
    const names = [
      'Alt-Svc',
      'Clear-Site-Data',
      'Service-Worker-Allowed',
      'Strict-Transport-Security',
      'NEL',
      'Report-To',
      'X-Accel-Redirect',
      'X-Accel-Limit-Rate',
      'X-Sendfile',
    ]
    const lines = await received([...names.map((name) => `${name}: x`), 'X-Frame-Options: DENY'])
    expect(names.flatMap((name) => valuesOf(lines, name.toLowerCase()))).toEqual([])
    expect(valuesOf(lines, 'x-frame-options')).toEqual(['DENY'])
  })

  it('ends with the hop (HDR-17)', async () => {
    const lines = await received([
      'Connection: X-Secret, keep-alive',
      'X-Secret: 1',
      'Keep-Alive: timeout=9',
      'Proxy-Authenticate: Basic',
      'Trailer: X',
      'Upgrade: h2c',
    ])
    const text = lines.join('\n').toLowerCase()
    expect(text).not.toMatch(/x-secret|timeout=9|proxy-authenticate|trailer|upgrade/)
  })
})

describe('what the hub adds', () => {
  it.each([
    [[], 'same-origin'],
    [['Referrer-Policy: unsafe-url'], 'same-origin'],
    [['Referrer-Policy: no-referrer'], 'no-referrer'],
    [['Referrer-Policy: no-referrer, unsafe-url'], 'same-origin'],
    [['Referrer-Policy: no-referrer', 'Referrer-Policy: unsafe-url'], 'same-origin'],
  ])('%j → Referrer-Policy: %s', async (headers, expected) => {
    const lines = await received(headers)
    expect(valuesOf(lines, 'referrer-policy')).toEqual([expected])
    expect(valuesOf(lines, 'x-robots-tag')).toEqual(['noindex'])
  })

  it('leaves no trace of its limits in an answer of the app', async () => {
    expect((await received([])).join('\n').toLowerCase()).not.toMatch(/x-ratelimit|x-request-id/)
  })

  it('puts a page in path form in a sandbox, beside its own policy', async () => {
    const own = "Content-Security-Policy: default-src 'self'"
    expect(valuesOf(await received([own], 'path'), 'content-security-policy')).toHaveLength(2)
    expect(valuesOf(await received([own]), 'content-security-policy')).toEqual(["default-src 'self'"])
  })
})

const path = `/shared/${token}`

describe('Location', () => {
  it.each([
    ['/login', '/login', `${path}/login`],
    ['login', 'login', 'login'],
    ['?a=1', '?a=1', '?a=1'],
    ['http://TARGET/a?b', `http://${shareHost}/a?b`, `http://hub.test${path}/a?b`],
    ['HTTP://TARGET', `http://${shareHost}/`, `http://hub.test${path}/`],
    ['https://TARGET/a', `http://${shareHost}/a`, `http://hub.test${path}/a`],
    ['http://TARGET//evil.test', `http://${shareHost}//evil.test`, `http://hub.test${path}//evil.test`],
    ['http://TARGET.evil.test/', 'http://TARGET.evil.test/', 'http://TARGET.evil.test/'],
    ['http://TARGET@evil.test/', 'http://TARGET@evil.test/', 'http://TARGET@evil.test/'],
    ['http://x@TARGET/', 'http://x@TARGET/', 'http://x@TARGET/'],
    ['//evil.test/x', '//evil.test/x', '//evil.test/x'],
    ['/\\evil.test', '/\\evil.test', '/\\evil.test'],
    ['https://other.test/', 'https://other.test/', 'https://other.test/'],
    ['http://hub.test/login', 'http://hub.test/login', `http://hub.test${path}/login`],
    [`http://hub.test${path}/in`, `http://hub.test${path}/in`, `http://hub.test${path}/in`],
    ['javascript:alert(1)', undefined, undefined],
  ])('%s', async (...[location, subdomain, inPath]) => {
    const fill = (text: string | undefined) => text?.replace('TARGET', `127.0.0.1:${upstream.port}`)
    expect(valuesOf(await received([`Location: ${location}`]), 'location')[0]).toBe(fill(subdomain))
    expect(valuesOf(await received([`Location: ${location}`], 'path'), 'location')[0]).toBe(fill(inPath))
  })
})

describe('Set-Cookie', () => {
  it('keeps cookies apart, drops Domain, and stays below the share in path form', async () => {
    const cookies = [
      'Set-Cookie: a=1; Path=/; Domain=example.com; HttpOnly',
      'Set-Cookie: b=x,y; Expires=Wed, 21 Oct 2026 07:28:00 GMT; domain = .x; path=/api; Secure',
      'set-cookie: session=theirs; Path=relative',
      'Set-Cookie: d=4',
    ]
    expect(valuesOf(await received(cookies), 'set-cookie')).toEqual([
      'a=1; Path=/; HttpOnly',
      'b=x,y; Expires=Wed, 21 Oct 2026 07:28:00 GMT; path=/api; Secure',
      'session=theirs; Path=relative',
      'd=4',
    ])
    expect(valuesOf(await received(cookies, 'path'), 'set-cookie')).toEqual([
      `a=1; Path=${path}/; HttpOnly`,
      `b=x,y; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=${path}/api; Secure`,
      `session=theirs; Path=${path}/`,
      'd=4',
    ])
  })
})

describe('caches in front of the hub (RSP-16, REV-18)', () => {
  it('are told even where the app says that its own words end with the hop', async () => {
    const lines = await received(['Connection: Cache-Control', 'Cache-Control: max-age=60'])
    expect(valuesOf(lines, 'cache-control')).toEqual(['private'])
  })

  it.each([
    [[], ['private']],
    [['Cache-Control: public, max-age=60, s-maxage=600'], ['private, max-age=60']],
    [['Cache-Control: no-store'], ['private, no-store']],
    [
      ['cache-control: public', 'Cache-Control: max-age=5'],
      ['private', 'private, max-age=5'],
    ],
    [
      ['CDN-Cache-Control: max-age=9', 'Surrogate-Control: max-age=9', 'X-CDN-Cache-Control: max-age=9'],
      ['private'],
    ],
  ])('%j: keep nothing', async (headers, expected) => {
    const lines = await received(headers)
    expect(valuesOf(lines, 'cache-control')).toEqual(expected)
    expect(lines.join('\n')).not.toMatch(/cdn-cache|surrogate/i)
  })
})

describe('CORS', () => {
  it.each([
    ['http://TARGET', `http://${shareHost}`],
    ['*', '*'],
    [`http://${domain}`, `http://${domain}`],
  ])('Access-Control-Allow-Origin: %s', async (value, expected) => {
    const lines = await received([`Access-Control-Allow-Origin: ${value}`])
    expect(valuesOf(lines, 'access-control-allow-origin')).toEqual([expected])
  })
})
