// Guarantee: a share is reached by its exact host or its exact path form, guessing is slowed down, and a page never runs
// with the powers of the hub's own origin (SPEC §5, §6; IP-11, TOK-05, TOK-08).
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from './kit/eventually.ts'
import { bodyOf, headerOf, sendOne, statusOf } from './kit/raw-client.ts'
import { answering, okAnswer, startRawUpstream, type RawUpstream } from './kit/raw-upstream.ts'
import { domain, label, shareHost, startShareHub, token, type ShareHub } from './kit/share-hub.ts'

const found: string[] = []
let upstream: RawUpstream
let hub: ShareHub
async function startWith(shareDomain: string | null): Promise<ShareHub> {
  const started = await startShareHub({ upstreamPort: upstream.port, options: { shareDomain } })
  return started
}
beforeEach(async () => {
  found.length = 0
  upstream = await startRawUpstream(answering(okAnswer))
  hub = await startWith(domain)
})
afterEach(async () => {
  await hub.close()
  await upstream.close()
})

const get = (target: string, ...headers: string[]): Promise<string> =>
  sendOne(hub.port, `GET ${target} HTTP/1.1`, headers)

describe("a share's host", () => {
  it.each([
    [shareHost, 200],
    [shareHost.toUpperCase(), 200],
    [`${shareHost}.`, 200],
    [`${shareHost}:7300`, 200],
    [`${shareHost}.:443`, 200],
    [`${token}.${domain}`, 200],
    [`${shareHost}..`, 404],
    [`${shareHost}.evil.test`, 404],
    [`x.${shareHost}`, 404],
    [`${label}x.${domain}`, 404],
    [`${label.slice(0, -1)}1.${domain}`, 404],
    [`${label}${'a'.repeat(28)}.${domain}`, 404],
    [`${label.replace('a', 'а')}.${domain}`, 400],
    [`share-tok_${token.slice(10)}.${domain}`, 404],
    [`${label}.${domain}:x`, 404],
  ])('%s → %i', async (host, status) => {
    const answer = await get('/v1/health', `Host: ${Buffer.from(host).toString('latin1')}`)
    expect(statusOf(answer)).toBe(status)
    expect(upstream.received().startsWith('GET /v1/health ')).toBe(status === 200)
  })

  it('owns every path, /shared too', async () => {
    await get(`/shared/${token}/x`, `Host: ${shareHost}`)
    expect(upstream.received()).toMatch(new RegExp(`^GET /shared/${token}/x `))
  })

  it('leaves other hosts and paths to the hub', async () => {
    for (const host of [domain, `www.${domain}`, 'hub.test']) {
      expect(bodyOf(await get('/', `Host: ${host}`))).toMatch(/hub/)
    }
  })
})

describe('unknown tokens', () => {
  it('are not found, and after ten in a minute refused, malformed ones without a look-up', async () => {
    hub.grant = null
    const statuses = []
    let answer = ''
    for (let at = 0; at < 12; at += 1) {
      answer = await get(`/shared/${at % 2 === 0 ? 'share_tok_x' : token}/`)
      statuses.push(statusOf(answer))
    }
    expect(headerOf(answer, 'retry-after')).toMatch(/^\d+$/)
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 404), 429, 429])
    hub.nowMs += 61_001
    expect(statusOf(await get('/shared/x/'))).toBe(404)
    expect(hub.records).toEqual([])
  })

  it('are looked up only when they are well-formed', async () => {
    const asked: string[] = []
    const own = await startShareHub({
      upstreamPort: upstream.port,
      ports: {
        findShare: (text) => {
          asked.push(text)
          return null
        },
      },
    })
    for (const text of ['x', token.toUpperCase(), `${token}a`, token.slice(0, -1), token.replace('a', '1')]) {
      expect(statusOf(await sendOne(own.port, `GET /shared/${text}/ HTTP/1.1`))).toBe(404)
    }
    expect(asked).toEqual([])
    await own.close()
  })

  it('are not read from the store any more once their address is refused, and known ones still pass', async () => {
    let loadCount = 0
    let known: string | null = null
    const own = await startShareHub({
      upstreamPort: upstream.port,
      ports: {
        findShare: async (text, guard) => {
          if (text === known) return own.grant
          if (!(await guard?.admit())) return null
          loadCount += 1
          guard?.settle(false)
          return null
        },
      },
    })
    const guess = async () => statusOf(await sendOne(own.port, `GET /shared/${token}/ HTTP/1.1`))
    for (let at = 0; at < 10; at += 1) expect(await guess()).toBe(404)
    for (let at = 0; at < 5; at += 1) expect(await guess()).toBe(429)
    expect(loadCount).toBe(10)
    known = token
    expect(await guess()).toBe(200)
    known = null
    own.nowMs += 61_001
    expect(await guess()).toBe(404)
    expect(loadCount).toBe(11)
    await own.close()
  })

  it('answer nothing about a share whose look-up fails', async () => {
    const own = await startShareHub({
      upstreamPort: upstream.port,
      ports: { findShare: () => Promise.reject(new Error('connect 10.0.0.5:5432')) },
    })
    const answer = await sendOne(own.port, `GET /shared/${token}/ HTTP/1.1`)
    expect(statusOf(answer)).toBe(500)
    expect(answer).not.toContain('10.0.0.5')
    expect(own.logged).toHaveLength(1)
    await own.close()
  })
})

describe('redirects', () => {
  const html = 'Accept: text/html,*/*'
  it('give the path form its slash', async () => {
    const answer = await get(`/shared/${token}?a=1`)
    expect(statusOf(answer)).toBe(308)
    expect(headerOf(answer, 'location')).toBe(`/shared/${token}/?a=1`)
    await eventually(() => expect(hub.records).toMatchObject([{ statusCode: 308, path: '/' }]))
  })

  it.each([
    [['Sec-Fetch-Mode: navigate'], 307],
    [[html], 307],
    [[html, 'Sec-Fetch-Mode: cors'], 200],
    [['Accept: */*'], 200],
    [[], 200],
  ])('%j on the path form → %i', async (headers, status) => {
    const answer = await get(`/shared/${token}/a//b?c=%2e`, ...headers)
    expect(statusOf(answer)).toBe(status)
    expect(headerOf(answer, 'location')).toBe(status === 307 ? `http://${shareHost}/a//b?c=%2e` : undefined)
  })

  it('leave the subdomain form alone', async () => {
    expect(statusOf(await get('/', `Host: ${shareHost}`, html))).toBe(200)
  })

  it('tell nothing about a path that is not allowed', async () => {
    hub.grant = { ...(hub.grant as NonNullable<typeof hub.grant>), allowedPaths: ['/api/*'] }
    expect(statusOf(await get(`/shared/${token}/admin`, html))).toBe(403)
  })

  it('do not use up the rate of the share', async () => {
    hub.grant = { ...(hub.grant as NonNullable<typeof hub.grant>), rateLimitPerMin: 1 }
    expect(statusOf(await get(`/shared/${token}/`, html))).toBe(307)
    expect(statusOf(await get('/', `Host: ${shareHost}`))).toBe(200)
    expect(statusOf(await get('/', `Host: ${shareHost}`))).toBe(429)
  })

  it.each([
    ['localhost:7300', 307],
    ['127.0.0.1:7300', 307],
    ['[::1]:7300', 307],
    ['192.168.1.5:7300', 200],
    ['hub.test', 200],
  ])('lead to *.localhost only from a loopback host: %s → %i', async (host, status) => {
    const own = await startWith('localhost:7300')
    const answer = await sendOne(own.port, `GET /shared/${token}/ HTTP/1.1`, [`Host: ${host}`, html])
    expect(statusOf(answer)).toBe(status)
    expect(headerOf(answer, 'location')).toBe(status === 307 ? `http://${label}.localhost:7300/` : undefined)
    await own.close()
  })

  it('are none without a share domain: the page runs in a sandbox', async () => {
    const own = await startWith(null)
    const answer = await sendOne(own.port, `GET /shared/${token}/ HTTP/1.1`, [html])
    expect(statusOf(answer)).toBe(200)
    expect(headerOf(answer, 'content-security-policy')).toBe(
      'sandbox allow-scripts allow-forms allow-popups allow-downloads',
    )
    const subdomain = await sendOne(own.port, 'GET / HTTP/1.1', [`Host: ${shareHost}`])
    expect(statusOf(subdomain)).toBe(404)
    await own.close()
  })
})

describe('error answers (RSP-14)', () => {
  it('are pages for people and JSON for programs, with nothing of the request in them', async () => {
    hub.grant = null
    const page = await get(`/shared/${token}/<script>`, 'Accept: text/html')
    expect(headerOf(page, 'content-type')).toBe('text/html; charset=utf-8')
    expect(bodyOf(page)).toContain('This link leads nowhere')
    expect(page).not.toContain('<script>')
    expect(page).not.toContain(token)
    expect(headerOf(page, 'content-security-policy')).toContain("default-src 'none'")
    expect(headerOf(page, 'x-content-type-options')).toBe('nosniff')
    expect(headerOf(page, 'cache-control')).toBe('no-store')
    const json = JSON.parse(bodyOf(await get(`/shared/${token}/`))) as Record<string, unknown>
    expect(json).toMatchObject({ statusCode: 404, code: 'share.not_found', error: 'Not found' })
    expect(json['requestId']).toMatch(/^req_/)
  })

  it('say 429 as documented (RL-01)', async () => {
    hub.grant = { ...(hub.grant as NonNullable<typeof hub.grant>), rateLimitPerMin: 100 }
    const statuses = await Promise.all(
      Array.from({ length: 100 }, async () => statusOf(await get(`/shared/${token}/`))),
    )
    expect(new Set(statuses)).toEqual(new Set([200]))
    const answer = await get(`/shared/${token}/`)
    expect(JSON.parse(bodyOf(answer))).toMatchObject({
      error: 'Too many requests',
      message: 'Rate limit exceeded for this share',
      retryAfter: Number(headerOf(answer, 'retry-after')),
    })
    expect(Number(headerOf(answer, 'retry-after'))).toBeLessThanOrEqual(61)
    expect(headerOf(answer, 'x-ratelimit-limit')).toBe('100')
    expect(headerOf(answer, 'x-ratelimit-remaining')).toBe('0')
  })

  it('name no upstream when it cannot be reached (SSRF-13)', async () => {
    const port = upstream.port
    await upstream.close()
    const answer = await get(`/shared/${token}/`)
    expect(statusOf(answer)).toBe(502)
    expect(JSON.parse(bodyOf(answer))).toMatchObject({ code: 'upstream.refused' })
    expect(answer).not.toContain(String(port))
  })
})
