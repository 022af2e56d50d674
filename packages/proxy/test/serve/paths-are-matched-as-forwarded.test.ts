// Guarantee: no path outside allowedPaths reaches the upstream, whatever its encoding, in any of the three ways in; and
// what was matched is, byte for byte, what is forwarded (CASES PATH).
import { describe, expect, it } from 'vitest'
import { sendOne, statusOf } from './kit/raw-client.ts'
import { answering, okAnswer } from './kit/raw-upstream.ts'
import { startShareForFile } from './kit/share-for-file.ts'
import { grantFor, shareHost, token } from './kit/share-hub.ts'

const allowedPaths = ['/api/public/*', '/health', '/docs/*', '/a/*/c']
const nfkcDot = Buffer.from('．．', 'utf8').toString('latin1')

const restricted: readonly (readonly [string, number])[] = [
  ['/api/public/x?y=/../admin', 200],
  ['/api/public/x?a=%2e%2e%2f&b=\\', 200],
  ['/api/public/../admin', 400],
  ['/api/public/..', 400],
  ['/api/public/%2e%2e/admin', 400],
  ['/api/public/.%2e/admin', 400],
  ['/api/public/%2E./admin', 400],
  ['/api/public/%2e%2e%2fadmin', 400],
  ['/api/public/..%2fadmin', 400],
  ['/api/public/x%2F..%2Fadmin', 400],
  ['/api/public/\\..\\..\\admin', 400],
  ['/api/public\\..\\admin', 400],
  ['/api/public/..\\admin', 400],
  ['/api/public/%5c..%5cadmin', 400],
  ['/api/public/..%5cadmin', 400],
  ['/api/public/%252e%252e/admin', 400],
  ['/api/public/%25252e%25252e/admin', 400],
  ['/api/public/x%252fadmin', 400],
  ['/api/public;x=y/z', 400],
  ['/admin;/api/public/x', 400],
  ['/api/public/..;/admin', 400],
  ['/api/public/%2e%2e%3bx/admin', 400],
  ['//api/public/x', 400],
  ['/api//public/x', 400],
  ['/api/public//../../admin', 400],
  ['/api/public/./x', 400],
  ['/api/./public/x', 400],
  ['/api/public/%00', 400],
  ['/api/public/x%00.html', 400],
  ['/api/public/%0d%0aX:1', 400],
  ['/api/public/a\rb', 400],
  ['/api/public/a\tb', 400],
  ['/api/public/a\x7fb', 400],
  ['/api/public/a b', 400],
  ['/api/public/%', 400],
  ['/api/public/%zz', 400],
  ['/api/public/%u002e', 400],
  ['/api/public/%ff', 400],
  ['/api/public/\xff', 400],
  ['/api/public/%c0%ae%c0%ae/', 400],
  ['/api/public/%e0%80%ae', 400],
  [`/api/public/${nfkcDot}/admin`, 400],
  ['/api/public/%EF%BC%8F..', 400],
  ['/api/public/x#frag', 400],
  ['/api/public/x?q=1#frag', 400],
  ['/api/public/%23', 200],
  ['/api/public/caf%C3%A9', 200],
  ['/api/public/a.b..c/...', 200],
  ['/api/publicx', 403],
  ['/api/public', 403],
  ['/api/public/', 200],
  ['/health/', 403],
  ['/healthz', 403],
  ['/HEALTH', 403],
  ['/health?x', 200],
  ['/admin', 403],
  ['/', 403],
  ['/a/b/c', 200],
  ['/a/b/x/c', 403],
  ['/a//c', 400],
  ['/a/b%2fx/c', 400],
]

const unrestricted: readonly (readonly [string, number])[] = [
  ['/a//b', 200],
  ['/[...slug]', 200],
  ['/x;y=1', 200],
  ['/%2F', 200],
  ['/%ff', 200],
  ['/a/../b', 400],
  ['/a/%2e%2e/b', 400],
  ['/a/..;x/b', 400],
  ['/a/%25252e%25252e', 400],
  ['/a\\b', 400],
  ['/a%5Cb', 400],
  ['/%', 400],
]

type Way = (port: number, target: string) => Promise<string>

const ways: Readonly<Record<string, Way>> = {
  'path form': (port, target) => sendOne(port, `GET /shared/${token}${target} HTTP/1.1`),
  'subdomain form': (port, target) => sendOne(port, `GET ${target} HTTP/1.1`, [`Host: ${shareHost}`]),
  'absolute form': (port, target) =>
    sendOne(port, `GET http://${shareHost}${target} HTTP/1.1`, [`Host: ${shareHost}`]),
  WebSocket: (port, target) =>
    sendOne(port, `GET ${target} HTTP/1.1`, [
      `Host: ${shareHost}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
    ]),
}

const matched = await startShareForFile(answering(okAnswer))
const unreached = await startShareForFile(answering(okAnswer))

describe.each(Object.entries(ways))('%s', (_name, send) => {
  const { upstream, hub } = matched

  /** The status, and the request line that the upstream got. */
  async function ask(target: string): Promise<readonly [number, string | undefined]> {
    const before = upstream.received().length
    const answer = await send(hub.port, target)
    return [statusOf(answer), upstream.received().slice(before).split('\r\n')[0]]
  }

  const verdict = (target: string, status: number): readonly [number, string] => [
    status,
    status === 200 ? `GET ${target} HTTP/1.1` : '',
  ]

  it.each(restricted)('with allowedPaths: %j → %i', async (target, status) => {
    hub.grant = grantFor(upstream.port, { allowedPaths })
    expect(await ask(target)).toEqual(verdict(target, status))
  })

  it.each(unrestricted)('without allowedPaths: %j → %i', async (target, status) => {
    hub.grant = grantFor(upstream.port)
    expect(await ask(target)).toEqual(verdict(target, status))
  })

  it.each([
    [`/docs/${'a'.repeat(8_186)}`, 200],
    [`/docs/${'a'.repeat(11_000)}`, 414],
    [`/docs/${'a/'.repeat(1_000)}`, 414],
  ])('takes 8 KiB and no more (PATH-31)', async (target, status) => {
    hub.grant = grantFor(upstream.port, { allowedPaths })
    expect(await ask(target)).toEqual(verdict(target, status))
  })
})

describe('targets that are no path of the share', () => {
  const { upstream, hub } = unreached

  it.each([
    [`GET http://hub.test/shared/${token}/../admin HTTP/1.1`, [400]],
    [`GET http://evil/shared/${token}/x HTTP/1.1`, [400]],
    [`GET http://u@hub.test/shared/${token}/x HTTP/1.1`, [400]],
    [`GET http://hub.test@evil/shared/${token}/x HTTP/1.1`, [400]],
    [`GET http:/hub.test/shared/${token}/x HTTP/1.1`, [400]],
    [`GET /shared/${token}%2fadmin HTTP/1.1`, [404]],
    [`GET /shared/${token}x/ HTTP/1.1`, [404]],
    [`GET /shared/${token.toUpperCase()}/ HTTP/1.1`, [404]],
    [`GET /shared/%73hare/x HTTP/1.1`, [404]],
    [`GET /shared/${token}#x HTTP/1.1`, [400]],
    ['CONNECT 127.0.0.1:22 HTTP/1.1', [400, 405]],
  ])('%s → %j', async (line, statuses) => {
    expect(statuses).toContain(statusOf(await sendOne(hub.port, line)))
    expect(upstream.received()).toBe('')
  })

  it.each(['OPTIONS * HTTP/1.1', 'GET * HTTP/1.1', 'GET evil:80 HTTP/1.1'])(
    '%s on a share host',
    async (line) => {
      expect(statusOf(await sendOne(hub.port, line, [`Host: ${shareHost}`]))).toBe(400)
      expect(upstream.received()).toBe('')
    },
  )

  it.each([`/%73hared/${token}/x`, `/SHARED/${token}/x`, `//shared/${token}/x`])(
    '%s is not the path form',
    async (target) => {
      expect(await sendOne(hub.port, `GET ${target} HTTP/1.1`)).toMatch(/hub$/)
      expect(upstream.received()).toBe('')
    },
  )

  it('never echoes the path as HTML (PATH-15)', async () => {
    const answer = await sendOne(hub.port, `GET /shared/${token}/%zz<script>alert(1)</script> HTTP/1.1`, [
      'Accept: text/html',
    ])
    expect(statusOf(answer)).toBe(400)
    expect(answer).not.toContain('<script>')
  })
})
