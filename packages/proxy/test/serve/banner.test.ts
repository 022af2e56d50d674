// Guarantee: pages that a visitor navigates to carry one banner, escaped, while they stream; everything else passes byte
// for byte, and no policy of the app is loosened but by the banner's own style (SPEC §6 Banner; RSP-09, RSP-12, DOS-09).
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Socket } from 'node:net'
import { beforeEach, describe, expect, it } from 'vitest'
import { eventually } from './kit/eventually.ts'
import { bodyOf, headerOf, openRaw, sendOne, statusOf } from './kit/raw-client.ts'
import { startShareForFile } from './kit/share-for-file.ts'
import { grantFor, shareHost, token } from './kit/share-hub.ts'

const page = '<!doctype html><html><head><title>x</title></head><body class="a"><p>hello</p></body></html>'
const banner = /<private-connect-banner>.*<\/private-connect-banner>/s
const html = 'Content-Type: text/html; charset=utf-8'
const asDocument = 'Sec-Fetch-Dest: document'

let answer: (socket: Socket) => void
const { upstream, hub } = await startShareForFile((socket, text) => {
  if (text.endsWith('\r\n\r\n')) answer(socket)
})
beforeEach(() => {
  hub.grant = grantFor(upstream.port)
  answer = saying(page)
})

function saying(body: string, ...headers: string[]): (socket: Socket) => void {
  const lines = headers.some((header) => /^content-type:/i.test(header)) ? headers : [html, ...headers]
  const head = ['HTTP/1.1 200 OK', ...lines, `Content-Length: ${body.length}`, '', ''].join('\r\n')
  return (socket) => void socket.write(`${head}${body}`, 'latin1')
}

const get = (headers: readonly string[] = [asDocument], line = 'GET / HTTP/1.1'): Promise<string> =>
  sendOne(hub.port, line, [`Host: ${shareHost}`, ...headers])

describe('a page that a browser navigates to', () => {
  it('carries the banner behind <body>, in its whole length', async () => {
    const got = await get()
    const body = bodyOf(got)
    expect(body.replace(banner, '')).toBe(page)
    expect(body).toMatch(/<body class="a"><private-connect-banner>/)
    expect(Number(headerOf(got, 'content-length'))).toBe(body.length)
    expect(headerOf(got, 'vary')).toBe('Sec-Fetch-Dest')
    expect(upstream.received()).toMatch(/accept-encoding: identity\r\n/)
    expect(hub.records.at(-1)).toMatchObject({ bytesOut: page.length })
  })

  it('is asked for without an encoding, whatever its visitor takes', async () => {
    const before = upstream.received().length
    await get([asDocument, 'Accept-Encoding: gzip, br'])
    expect(
      upstream
        .received()
        .slice(before)
        .match(/accept-encoding: .*/gi),
    ).toEqual(['accept-encoding: identity'])
  })

  it('says nothing any more that held for the bytes of the app', async () => {
    const bound = [
      'ETag: "1"',
      'Last-Modified: x',
      'Content-MD5: x',
      'Digest: x',
      'Repr-Digest: x',
      'Content-Digest: x',
    ]
    answer = saying(page, ...bound, 'Accept-Ranges: bytes', 'X-App: 1')
    const got = await get()
    expect(got).not.toMatch(/^(?:etag|last-modified|content-md5|(?:\w+-)?digest|accept-ranges):/im)
    expect(headerOf(got, 'x-app')).toBe('1')
  })

  it('carries it in the path form too, inside its sandbox', async () => {
    const line = `GET /shared/${token}/ HTTP/1.1`
    expect(bodyOf(await sendOne(hub.port, line, ['Accept: */*']))).toMatch(banner)
  })

  it('carries it where nobody says what it is for, if it begins like a page: curl sees it', async () => {
    expect(bodyOf(await get([]))).toMatch(banner)
    expect(bodyOf(await get(['Accept: */*']))).toMatch(banner)
    answer = saying('<p>part</p>', 'ETag: "1"')
    const got = await get([])
    expect(bodyOf(got)).toBe('<p>part</p>')
    expect(headerOf(got, 'etag')).toBe('"1"')
    expect(headerOf(got, 'content-length')).toBe('11')
  })

  it('reaches a visitor of HTTP/1.0', async () => {
    expect(bodyOf(await get([asDocument], 'GET / HTTP/1.0')).replace(banner, '')).toBe(page)
  })

  it('is as long for HEAD as for GET, or says no length', async () => {
    answer = (socket) =>
      void socket.write(`HTTP/1.1 200 OK\r\n${html}\r\nContent-Length: 100\r\nETag: "1"\r\n\r\n`)
    const got = await get([], 'HEAD / HTTP/1.1')
    expect(got).not.toMatch(/^(?:content-length|etag):/im)
    expect(bodyOf(got)).toBe('')
  })
})

describe('the name in the banner (RSP-09)', () => {
  it.each(['<img src=x onerror=1>', '</script></template>', '"\'`&=', 'a\u202eb\u0000', 'café 中 😀'])(
    '%j is text and nothing else',
    async (workspaceName) => {
      hub.grant = grantFor(upstream.port, { workspaceName })
      const [, shown = ''] = /<bdi>(.*?)<\/bdi>/s.exec(bodyOf(await get())) ?? []
      expect(shown).toMatch(/^[\w &#;./-]*$/)
      const text = shown.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
      expect(text).toBe(workspaceName.replace('\u202e', '').replace('\u0000', ''))
    },
  )
})

describe('passes byte for byte', () => {
  const gzipped = gzipSync(page).toString('latin1')
  it.each<[string, readonly string[], (socket: Socket) => void, string]>([
    ['a fetch', ['Sec-Fetch-Dest: empty'], (socket) => saying(page)(socket), page],
    ['a frame', ['Sec-Fetch-Dest: iframe'], (socket) => saying(page)(socket), page],
    ['a fetch by mode', ['Sec-Fetch-Mode: cors'], (socket) => saying(page)(socket), page],
    ['a fetch of a script', ['X-Requested-With: XMLHttpRequest'], (socket) => saying(page)(socket), page],
    ['what is asked for as data', ['Accept: application/json'], (socket) => saying(page)(socket), page],
    ['a range', [asDocument, 'Range: bytes=0-'], (socket) => saying(page)(socket), page],
    ['gzip', [asDocument], saying(gzipped, 'Content-Encoding: gzip'), gzipped],
    ['br', [asDocument], saying('\x01\x02', 'Content-Encoding: br'), '\x01\x02'],
    ['gzip, many times', [asDocument], saying(gzipped, 'Content-Encoding: gzip, gzip'), gzipped],
    ['another type', [asDocument], saying(page, 'Content-Type: text/plain'), page],
    ['XHTML', [asDocument], saying(page, 'Content-Type: application/xhtml+xml'), page],
    ['UTF-16', [asDocument], saying(page, 'Content-Type: text/html; charset=utf-16le'), page],
    ['UTF-7', [asDocument], saying(page, 'Content-Type: text/html;charset="UTF-7"'), page],
    ['ISO-2022-JP', [asDocument], saying(page, 'Content-Type: text/html;charset=iso-2022-jp'), page],
    ['two types', [asDocument], saying(page, html, html), page],
    ['what may not be transformed', [asDocument], saying(page, 'Cache-Control: a, no-transform'), page],
    ['a sandbox without forms', [asDocument], saying(page, 'Content-Security-Policy: sandbox'), page],
  ])('%s', async (...[, headers, says, body]) => {
    answer = says
    const got = await get(headers)
    expect(bodyOf(got)).toBe(body)
    expect(headerOf(got, 'content-length')).toBe(String(body.length))
  })

  it.each([404, 500, 203])('an answer of %i', async (status) => {
    answer = (socket) =>
      void socket.write(`HTTP/1.1 ${status} X\r\n${html}\r\nContent-Length: ${page.length}\r\n\r\n${page}`)
    expect(bodyOf(await get())).toBe(page)
  })

  it('an answer to POST', async () => {
    expect(bodyOf(await get([asDocument, 'Content-Length: 0'], 'POST / HTTP/1.1'))).toBe(page)
  })

  it('everything, where the workspace shows no branding', async () => {
    hub.grant = grantFor(upstream.port, { showsBranding: false })
    const got = await get([asDocument, 'Accept-Encoding: gzip'])
    expect(bodyOf(got)).toBe(page)
    expect(got).not.toMatch(/^vary:/im)
    expect(upstream.received()).toMatch(/accept-encoding: gzip\r\n[^]*$/i)
  })

  it('a bomb of gzip, undecoded (DOS-09)', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000)).toString('latin1')
    answer = saying(bomb, 'Content-Encoding: gzip')
    expect(bodyOf(await get())).toBe(bomb)
  })
})

describe('the policy of an app', () => {
  it('allows the style of the banner by its hash, and nothing else more', async () => {
    answer = saying(page, "Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'")
    const got = await get()
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(bodyOf(got)) ?? []
    const hash = createHash('sha256').update(style).digest('base64')
    expect(headerOf(got, 'content-security-policy')).toBe(
      `default-src 'none'; style-src 'self' 'sha256-${hash}'; script-src 'self'`,
    )
  })

  it('in the page itself is not changed: such a page carries none', async () => {
    const own = `<!doctype html><meta http-equiv="content-security-policy" content="default-src 'self'"><body>`
    answer = saying(own)
    expect(bodyOf(await get())).toBe(own)
  })
})

describe('a page that streams (RSP-12)', () => {
  it('passes as it comes, the head first, and its connection is used again', async () => {
    let send: (text: string) => void = () => undefined
    answer = (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${html}\r\nTransfer-Encoding: chunked\r\n\r\n`)
      send = (text) =>
        void socket.write(`${text.length.toString(16)}\r\n${text}\r\n${text === '' ? '\r\n' : ''}`)
    }
    const line = `GET / HTTP/1.1\r\nHost: ${shareHost}\r\n${asDocument}\r\n\r\n`
    const { socket, received } = await openRaw(hub.port, line)
    const arrives = async (text: string): Promise<void> => {
      const startedMs = performance.now()
      await eventually(() => expect(received()).toContain(text), { interval: 1 })
      expect(performance.now() - startedMs).toBeLessThan(500)
    }
    await arrives('\r\n\r\n')
    send('<!doctype html><html><head><title>x')
    await arrives('<title>x')
    send('</title><style>.a{}')
    await arrives('.a{}')
    send('</style><body><p>one')
    await arrives('</private-connect-banner>')
    await arrives('<p>one')
    send('<p>two')
    await arrives('<p>two')
    send('0'.slice(1))
    await eventually(() => expect(received()).toMatch(/0\r\n\r\n$/))
    socket.destroy()
  })

  it('that turns out to be malformed at once is 502 and nothing else', async () => {
    const before = hub.records.length
    answer = (socket) =>
      void socket.write(`HTTP/1.1 200 OK\r\n${html}\r\nTransfer-Encoding: chunked\r\n\r\nxx\r\n`)
    expect(statusOf(await get())).toBe(502)
    await eventually(() => expect(hub.records.slice(before)).toMatchObject([{ statusCode: 502 }]))
    answer = saying(page)
    expect(bodyOf(await get())).toMatch(banner)
  })

  it('that is cut short never looks complete', async () => {
    answer = (socket) => void socket.end(`HTTP/1.1 200 OK\r\n${html}\r\nContent-Length: 1000\r\n\r\n${page}`)
    const got = await get()
    expect(got).not.toMatch(/0\r\n\r\n$/)
  })
})
