// Guarantee: only allowed methods reach the upstream; HEAD follows GET, a preflight follows the method that it asks for.
import { beforeAll, describe, expect, it } from 'vitest'
import { headerOf, sendOne, sendRaw, statusOf } from './kit/raw-client.ts'
import { answering, okAnswer } from './kit/raw-upstream.ts'
import { startShareForFile } from './kit/share-for-file.ts'
import { grantFor, shareHost, token } from './kit/share-hub.ts'

const { upstream, hub } = await startShareForFile(answering(okAnswer))

async function send(
  method: string,
  headers: readonly string[] = [],
): Promise<{ answer: string; sent: string }> {
  const before = upstream.received().length
  const answer = await sendOne(hub.port, `${method} /shared/${token}/x HTTP/1.1`, headers)
  return { answer, sent: upstream.received().slice(before) }
}

describe('a share that allows GET (HDR-01)', () => {
  beforeAll(() => {
    hub.grant = grantFor(upstream.port, { allowedMethods: ['GET'] })
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'PURGE', 'OPTIONS'])(
    '%s → 405 with Allow',
    async (method) => {
      const { answer, sent } = await send(method)
      expect(statusOf(answer)).toBe(405)
      expect(headerOf(answer, 'allow')).toBe('GET, HEAD')
      expect(sent).toBe('')
    },
  )

  it('HEAD follows GET and has no body (HDR-04)', async () => {
    const { answer, sent } = await send('HEAD')
    expect(statusOf(answer)).toBe(200)
    expect(headerOf(answer, 'content-length')).toBe('2')
    expect(answer.endsWith('\r\n\r\n')).toBe(true)
    expect(sent).toMatch(/^HEAD \/x HTTP/)
  })

  it.each([
    ['GET', 200],
    ['DELETE', 405],
  ])('a preflight for %s → %i', async (asked, status) => {
    const headers = ['Origin: http://other.test', `Access-Control-Request-Method: ${asked}`]
    const { answer, sent } = await send('OPTIONS', headers)
    expect(statusOf(answer)).toBe(status)
    expect(sent.startsWith('OPTIONS')).toBe(status === 200)
  })
})

describe('a share that allows every method', () => {
  beforeAll(() => {
    hub.grant = grantFor(upstream.port)
  })

  it.each(['TRACE', 'DEBUG', 'TRACK'])('never serves %s (HDR-02)', async (method) => {
    const { answer, sent } = await send(method)
    expect([400, 405]).toContain(statusOf(answer))
    expect(sent).toBe('')
  })

  it('serves the others', async () => {
    for (const method of ['GET', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      expect(statusOf((await send(method)).answer)).toBe(200)
    }
  })

  it.each(['get / HTTP/1.1', 'GET\t/ HTTP/1.1', 'G\0T / HTTP/1.1', `${'G'.repeat(10_240)} / HTTP/1.1`])(
    'refuses a malformed method (HDR-05)',
    async (line) => {
      const answer = await sendRaw(hub.port, `${line}\r\nHost: ${shareHost}\r\nConnection: close\r\n\r\n`)
      expect([400, 405]).toContain(statusOf(answer))
    },
  )
})

describe('a method that is refused while its body waits (HDR-16)', () => {
  it('is answered before the body, and the connection ends', async () => {
    hub.grant = grantFor(upstream.port, { allowedMethods: ['GET'] })
    const before = upstream.received().length
    const answer = await sendRaw(
      hub.port,
      `POST /shared/${token}/x HTTP/1.1\r\nHost: hub.test\r\nExpect: 100-continue\r\nContent-Length: 1073741824\r\n\r\n`,
    )
    expect(statusOf(answer)).toBe(405)
    expect(answer).not.toContain('100 Continue')
    expect(upstream.received().length).toBe(before)
  })

  it('knows no other expectation', async () => {
    expect(statusOf((await send('POST', ['Expect: x', 'Content-Length: 1'])).answer)).toBe(417)
  })
})
