// Guarantee: the upstream hears about the visitor from the hub alone, and never gets a credential of the hub.
import { beforeEach, describe, expect, it } from 'vitest'
import { eventually } from './kit/eventually.ts'
import { sendOne, statusOf } from './kit/raw-client.ts'
import { answering, okAnswer } from './kit/raw-upstream.ts'
import { startShareForFile } from './kit/share-for-file.ts'
import { grantFor, label, shareHost, startShareHub, token } from './kit/share-hub.ts'

const { upstream, hub } = await startShareForFile(answering(okAnswer))
beforeEach(() => {
  hub.grant = grantFor(upstream.port)
})

/** The headers that the upstream got, names in lower case. */
async function forwarded(headers: readonly string[], host = shareHost): Promise<[string, string][]> {
  const before = upstream.received().length
  const target = host === shareHost ? '/x' : `/shared/${token}/x`
  const answer = await sendOne(hub.port, `GET ${target} HTTP/1.1`, [`Host: ${host}`, ...headers])
  expect(statusOf(answer)).toBe(200)
  const lines = upstream.received().slice(before).split('\r\n').slice(1, -2)
  return lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 2),
  ])
}

async function valueOf(name: string, headers: readonly string[], host?: string): Promise<string | undefined> {
  const values = (await forwarded(headers, host)).filter(([key]) => key === name).map(([, value]) => value)
  expect(values.length).toBeLessThanOrEqual(1)
  return values[0]
}

const liars = [
  'X-Forwarded-For: 9.9.9.9',
  'X-Forwarded-Host: evil',
  'X-Forwarded-Proto: gopher',
  'X-Forwarded-Prefix: /admin',
  'X-Forwarded-Uri: /admin',
  'X-Original-URL: /admin',
  'X-Rewrite-URL: /admin',
  'Forwarded: for=9.9.9.9',
  'X-Real-IP: 9.9.9.9',
  'X-Shared-Access: false',
  'X-Share-Name: admin',
  'X-PC-Anything: 1',
  'X_Forwarded_For: 9.9.9.9',
  'x_shared_access: 1',
  'any_name: 1',
]

describe('what the hub says about a visitor (HDR-07, HDR-08, PATH-26)', () => {
  it('replaces whatever the visitor claimed', async () => {
    const got = await forwarded(liars)
    expect(Object.fromEntries(got)).toEqual({
      host: `127.0.0.1:${upstream.port}`,
      connection: 'keep-alive',
      'accept-encoding': 'identity',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': shareHost,
      'x-forwarded-proto': 'http',
      'x-shared-access': 'true',
      'x-share-name': 'demo',
    })
    expect(got.length).toBe(8)
  })

  it.each([
    ['café 中', 'caf%C3%A9 %E4%B8%AD'],
    ['a\r\nSet-Cookie: x=1', 'a%0D%0ASet-Cookie: x=1'],
    ['100%', '100%25'],
    ['lone \ud800', 'lone %EF%BF%BD'],
    ['😀'.repeat(100), '%F0%9F%98%80'.repeat(100)],
  ])('encodes the share name %j (HDR-09)', async (name, value) => {
    hub.grant = grantFor(upstream.port, { name })
    expect(await valueOf('x-share-name', [])).toBe(value)
  })
})

describe('hub credentials (HDR-10)', () => {
  it.each([
    ['Cookie: session=sess_abcdef; app=1', 'cookie', 'app=1'],
    ['Cookie: session=sess_abcdef', 'cookie', undefined],
    ['Cookie: session=mine; a=b; session=sess_x', 'cookie', 'session=mine; a=b'],
    ['Cookie: app="sess_quoted"; b=2', 'cookie', 'b=2'],
    ['x-api-key: pc_live_abcdefgh', 'x-api-key', undefined],
    ['x-api-key: theirs', 'x-api-key', 'theirs'],
    ['Authorization: Bearer pc_live_abcdefgh', 'authorization', undefined],
    ['Authorization: Bearer sess_abcdefgh', 'authorization', undefined],
    ['Authorization: bearer agent_tok_abc', 'authorization', undefined],
    ['Authorization: Bearer magic_tok_abc', 'authorization', undefined],
    ['Authorization: Bearer device_tok_abc', 'authorization', undefined],
    ['Cookie: b=browser_tok_abc; app=1', 'cookie', 'app=1'],
    ['Authorization: Bearer theirs', 'authorization', 'Bearer theirs'],
    ['X-Custom: pc_live_abcdefgh', 'x-custom', undefined],
  ])('%s', async (header, name, value) => {
    expect(await valueOf(name, [header])).toBe(value)
  })

  it('are masked in the user agent that is recorded', async () => {
    const agent = `a pc_live_abcdefgh ${token} b/${'x'.repeat(440)} agent_tok_secret`
    await valueOf('user-agent', [`User-Agent: ${agent}`])
    const masked = /^a pc_live_\.\.\. share_tok_abc\.\.\. b\/x+ agent_tok_\.\.\.$/
    await eventually(() => expect(hub.records.at(-1)?.userAgent).toMatch(masked))
  })
})

describe('headers of one hop (HDR-11)', () => {
  it('end at the hub, those that Connection nominates too', async () => {
    const got = await forwarded([
      'Proxy-Authorization: Basic eA==',
      'Proxy-Connection: keep-alive',
      'TE: gzip',
      'Trailer: X',
      'HTTP2-Settings: AAMAAABk',
      'Keep-Alive: timeout=5',
      'Connection: X-Secret, keep-alive',
      'X-Secret: 1',
      'X-Kept: 1',
    ])
    const names = got.map(([name]) => name).filter((name) => !/^x-(forwarded|share)/.test(name))
    expect(names).toEqual(['host', 'connection', 'x-kept', 'accept-encoding'])
  })

  it('keeps order, spelling and duplicates of the rest', async () => {
    const before = upstream.received().length
    const headers = [`Host: ${shareHost}`, 'B-Two: 1', 'a-ONE: x', 'B-Two: 2', 'Cookie: a=1', 'Cookie: b=2']
    await sendOne(hub.port, 'GET /x HTTP/1.1', headers)
    expect(upstream.received().slice(before)).toContain(
      'B-Two: 1\r\na-ONE: x\r\nB-Two: 2\r\nCookie: a=1\r\nCookie: b=2\r\n',
    )
  })
})

describe('method overrides (HDR-03)', () => {
  const overrides = ['X-HTTP-Method-Override: DELETE', 'X-HTTP-Method: DELETE', 'X-Method-Override: DELETE']
  it('are dropped only where methods are restricted', async () => {
    const names = async () => (await forwarded(overrides)).map(([name]) => name)
    expect((await names()).filter((name) => name.includes('method'))).toHaveLength(3)
    hub.grant = grantFor(upstream.port, { allowedMethods: ['GET'] })
    expect((await names()).filter((name) => name.includes('method'))).toHaveLength(0)
  })
})

// Frameworks compare Origin with X-Forwarded-Host or with Host: whichever they take, a form of the share itself passes and
// one of another site does not.
describe('Origin and the host that the app is told', () => {
  it.each([
    [`http://${shareHost}`, 'TARGET'],
    ['https://evil', shareHost],
    ['null', shareHost],
  ])('agree for the share alone: %s', async (origin, host) => {
    const expected = host === 'TARGET' ? `127.0.0.1:${upstream.port}` : host
    expect(await valueOf('x-forwarded-host', [`Origin: ${origin}`])).toBe(expected)
  })
})

describe('Origin and Referer', () => {
  it.each([
    ['origin', `http://${shareHost}`, shareHost, 'http://127.0.0.1:PORT'],
    ['origin', `http://${shareHost.toUpperCase()}`, shareHost, 'http://127.0.0.1:PORT'],
    ['origin', `https://${shareHost}`, shareHost, `https://${shareHost}`],
    ['origin', `http://${shareHost}.evil`, shareHost, `http://${shareHost}.evil`],
    ['origin', 'https://evil', shareHost, 'https://evil'],
    ['origin', 'null', shareHost, 'null'],
    ['origin', 'http://hub.test', 'hub.test', 'http://127.0.0.1:PORT'],
    ['referer', `http://${shareHost}/a?b=/c`, shareHost, 'http://127.0.0.1:PORT/a?b=/c'],
    ['referer', `http://hub.test/shared/${token}/a`, 'hub.test', 'http://127.0.0.1:PORT/a'],
    ['referer', `http://hub.test/shared/${token.replace('a', 'b')}/a`, 'hub.test', 'http://127.0.0.1:PORT/'],
    ['referer', 'http://hub.test/app/keys', 'hub.test', 'http://127.0.0.1:PORT/'],
    ['referer', `http://hub.testing/shared/${token}`, 'hub.test', undefined],
    ['referer', `http://${label}.elsewhere.test/`, 'hub.test', undefined],
    ['referer', 'https://search.test/?q=1', shareHost, 'https://search.test/?q=1'],
  ])('%s %s on %s → %s', async (...[name, value, host, expected]) => {
    expect(await valueOf(name, [`${name}: ${value}`], host)).toBe(
      expected?.replace('PORT', String(upstream.port)),
    )
  })
})

describe('a trusted proxy', () => {
  it('is believed, from its right-most untrusted hop on', async () => {
    const trusting = await startShareHub({
      upstreamPort: upstream.port,
      options: { trustsProxy: (address) => address === '127.0.0.1' || address === '10.0.0.1' },
    })
    const before = upstream.received().length
    await sendOne(trusting.port, `GET /shared/${token}/x HTTP/1.1`, [
      'X-Forwarded-For: 6.6.6.6, 203.0.113.9, 10.0.0.1',
      'X-Forwarded-Proto: https',
    ])
    const got = upstream.received().slice(before)
    expect(got).toContain('x-forwarded-for: 203.0.113.9, 10.0.0.1, 127.0.0.1\r\n')
    expect(got).toContain('x-forwarded-proto: https\r\n')
    await eventually(() => expect(trusting.records[0]?.ipAddress).toBe('203.0.113.9'))
    await trusting.close()
  })
})
