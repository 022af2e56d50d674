// Guarantee: an upstream's early hints reach a visitor who can take them, its other informational answers end at the hub,
// and no more than eight are read for one request (SPEC §6; HDR-16, HDR-17).
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { eventually } from './kit/eventually.ts'
import { openRaw, sendOne, sendRaw, statusOf } from './kit/raw-client.ts'
import { okAnswer } from './kit/raw-upstream.ts'
import { startShareForFile } from './kit/share-for-file.ts'
import { shareHost, startShareHub } from './kit/share-hub.ts'

let answer: (socket: Socket, text: string) => void
const { upstream, hub } = await startShareForFile((socket, text) => {
  if (text.includes('\r\n\r\n')) answer(socket, text)
})

const saying = (text: string) => (socket: Socket) => void socket.write(text, 'latin1')
const get = (version = '1.1'): Promise<string> =>
  sendOne(hub.port, `GET /x HTTP/${version}`, [`Host: ${shareHost}`])
const hints = (...links: string[]): string =>
  `HTTP/1.1 103 Early Hints\r\n${links.map((link) => `Link: ${link}\r\n`).join('')}X-Other: 1\r\n\r\n`

describe('early hints', () => {
  it('go on with their links, at once and each time', async () => {
    answer = saying(
      hints('</a.css>; rel=preload; as=style, </b.js>; rel=preload', '<https://x.test>; rel=preconnect'),
    )
    const { socket, received } = await openRaw(hub.port, `GET /x HTTP/1.1\r\nHost: ${shareHost}\r\n\r\n`)
    const line =
      'Link: </a.css>; rel=preload; as=style, </b.js>; rel=preload, <https://x.test>; rel=preconnect'
    await eventually(() => expect(received()).toBe(`HTTP/1.1 103 Early Hints\r\n${line}\r\n\r\n`))
    saying(hints('</c.css>; rel=preload') + okAnswer)([...upstream.sockets][0] as Socket)
    await eventually(() =>
      expect(received()).toMatch(
        /103 Early Hints\r\nLink: <\/c\.css>; rel=preload\r\n\r\nHTTP\/1\.1 200 OK[^]*ok$/,
      ),
    )
    socket.destroy()
  })

  it('do not reach a visitor of HTTP/1.0, who would take them for the answer', async () => {
    answer = saying(`${hints('</a>; rel=preload')}${okAnswer}`)
    expect(statusOf(await get('1.0'))).toBe(200)
  })

  it.each([
    ['without a link', hints()],
    ['with a link that is none', hints('a"b')],
    ['with a link that goes on', hints('</a>; rel="x')],
    ['of another kind', 'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 199 X\r\n\r\n'],
  ])('%s end at the hub', async (_name, bytes) => {
    answer = saying(`${bytes}${okAnswer}`)
    expect(await get()).toMatch(/^HTTP\/1\.1 200 OK/)
  })
})

describe('a flood of informational answers', () => {
  const flood = 'HTTP/1.1 103 Early Hints\r\n\r\n'
  const upgrade = `GET /ws HTTP/1.1\r\nHost: ${shareHost}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`

  it.each([
    [8, 200],
    [9, 502],
    [1_000, 502],
  ])('%i of them → %i', async (count, status) => {
    answer = saying(`${flood.repeat(count)}${okAnswer}`)
    expect(statusOf(await get())).toBe(status)
    expect(statusOf(await sendRaw(hub.port, upgrade))).toBe(status)
    await eventually(() => expect(hub.shares.openCount).toBe(0))
  })
})

describe('a body that waits for 100 Continue (HDR-16)', () => {
  const head = `POST /x HTTP/1.1\r\nHost: ${shareHost}\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n`

  it('is asked for once, though the upstream asks too', async () => {
    answer = (socket, text) => {
      if (!text.endsWith('hello')) socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      else socket.write(okAnswer)
    }
    const { socket, received } = await openRaw(hub.port, head)
    await eventually(() => expect(received()).toBe('HTTP/1.1 100 Continue\r\n\r\n'))
    socket.write('hello')
    await eventually(() => expect(received()).toMatch(/ok$/))
    expect(received().match(/100 Continue/g)).toHaveLength(1)
    expect(upstream.received()).not.toMatch(/expect:/i)
  })

  it('is not asked for when there is nobody to take it', async () => {
    const own = await startShareHub({ upstreamPort: 1 })
    const got = await sendRaw(own.port, head)
    expect(statusOf(got)).toBe(502)
    expect(got).toMatch(/connection: close/i)
    await own.close()
  })

  it('is sent unasked by a visitor that does not wait', async () => {
    answer = (socket, text) => {
      if (text.endsWith('hello')) socket.write(okAnswer)
    }
    expect(await sendRaw(hub.port, `${head}hello`)).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK[^]*ok$/,
    )
  })
})
