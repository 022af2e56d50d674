// Guarantee (SPEC §8, §9): visitors of a share are told apart by a signed cookie of that share's host, which only a page in
// a browser's window sets and no upstream and no script sees; elsewhere by address and user agent, in a word that cannot be
// turned back. A visitor can neither forge an id nor carry one to another share.
import { Agent, createServer, request, type IncomingHttpHeaders, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createVisitorIds } from '../../src/serve/index.ts'
import { eventually } from './kit/eventually.ts'
import { listenOn } from './kit/raw-upstream.ts'
import { grantFor, shareHost, startShareHub, token, type ShareHub } from './kit/share-hub.ts'

let upstream: Server
let upstreamPort: number
let hub: ShareHub
let seen: IncomingHttpHeaders[]
let answerHeaders: Record<string, string>

beforeEach(async () => {
  seen = []
  answerHeaders = { 'content-type': 'text/html; charset=utf-8' }
  upstream = createServer((incoming, response) => {
    seen.push(incoming.headers)
    response.writeHead(200, answerHeaders).end('<p>hello</p>')
  })
  upstreamPort = await listenOn(upstream)
  hub = await startShareHub({ upstreamPort })
})
afterEach(async () => {
  await hub.close()
  upstream.closeAllConnections()
  upstream.close()
})

interface Answer {
  readonly cookies: string[]
  readonly visitorId: string
}

const navigation = { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', 'user-agent': 'Browser/1' }

async function visit(
  headers: Record<string, string>,
  options: { path?: string; method?: string; agent?: Agent } = {},
) {
  const before = hub.records.length
  const cookies = await new Promise<string[]>((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: hub.port,
        agent: options.agent ?? false,
        path: options.path ?? '/',
        method: options.method ?? 'GET',
        headers: { host: shareHost, ...headers },
      },
      (response) => {
        response.resume()
        response.on('end', () => resolve(response.headers['set-cookie'] ?? []))
      },
    )
    sent.on('error', reject)
    sent.end()
  })
  const record = await eventually(() => {
    const found = hub.records[before]
    if (found === undefined) throw new Error('Not recorded yet')
    return found
  })
  return { cookies, visitorId: record.visitorId } satisfies Answer
}

const pairOf = (cookie: string | undefined) => cookie?.split(';')[0] ?? ''

describe('a visitor with a browser', () => {
  it('is marked by its first page, and known by that mark wherever it comes from later', async () => {
    const first = await visit(navigation)
    expect(first.cookies).toHaveLength(1)
    expect(first.cookies[0]).toMatch(
      /^pc_visitor=visitor_tok_[0-9a-f]{56}; Path=\/; Max-Age=7776000; HttpOnly; SameSite=Lax$/,
    )
    const cookie = `a=1; ${pairOf(first.cookies[0])}; b=2`
    const later = await visit({ ...navigation, cookie, 'user-agent': 'Other/2' })
    expect(later).toEqual({ cookies: [], visitorId: first.visitorId })
    const other = await visit(navigation)
    expect(other.visitorId).not.toBe(first.visitorId)
  })

  it('shows its mark to no upstream', async () => {
    const { cookies } = await visit(navigation)
    await visit({ ...navigation, cookie: `a=1; ${pairOf(cookies[0])}; b=2` })
    expect(seen[1]?.cookie?.replaceAll(' ', '')).toBe('a=1;b=2')
    await visit({ cookie: pairOf(cookies[0]) })
    expect(seen[2]?.cookie).toBeUndefined()
  })

  it('gets a mark beside the cookies of the app', async () => {
    answerHeaders['set-cookie'] = 'app=1; Path=/'
    expect((await visit(navigation)).cookies.map(pairOf)).toEqual([
      'app=1',
      expect.stringContaining('pc_visitor='),
    ])
  })

  it.each<[string, { headers?: Record<string, string>; method?: string; answer?: Record<string, string> }]>([
    ['an image', { headers: { ...navigation, 'sec-fetch-dest': 'image' } }],
    ['a frame, where browsers keep no cookies', { headers: { ...navigation, 'sec-fetch-dest': 'iframe' } }],
    ['a program', { headers: {} }],
    ['what is no page', { answer: { 'content-type': 'application/json' } }],
    ['what caches give to others', { answer: { 'cache-control': 'public, max-age=60' } }],
    ['a form that is sent', { method: 'POST' }],
  ])('gets none with %s', async (_what, { headers = navigation, method = 'GET', answer = {} }) => {
    Object.assign(answerHeaders, answer)
    expect((await visit(headers, { method })).cookies).toEqual([])
  })

  it('gets none where hosts are shared: in path form', async () => {
    const { cookies, visitorId } = await visit(
      { ...navigation, host: 'hub.test', 'sec-fetch-mode': 'cors' },
      { path: `/shared/${token}/` },
    )
    expect(cookies).toEqual([])
    expect(visitorId).toMatch(/^visitor_[0-9a-f]{24}$/)
  })

  it('over https is marked for this very host alone, and no neighbour’s cookie counts', async () => {
    await hub.close()
    hub = await startShareHub({ upstreamPort, options: { scheme: 'https' } })
    const { cookies, visitorId } = await visit(navigation)
    expect(cookies[0]).toMatch(/^__Host-pc_visitor=visitor_tok_\w+; .*; Secure$/)
    const cookie = pairOf(cookies[0])
    expect((await visit({ cookie })).visitorId).toBe(visitorId)
    expect((await visit({ cookie: cookie.replace('__Host-', '') })).visitorId).not.toBe(visitorId)
  })
})

describe('a mark that is not ours', () => {
  it('counts as none, and is replaced', async () => {
    const { cookies, visitorId } = await visit(navigation)
    const pair = pairOf(cookies[0])
    const last = pair.at(-1) === '0' ? '1' : '0'
    hub.grant = grantFor(upstreamPort, { id: 'share_2' })
    const elsewhere = await visit({ ...navigation, cookie: pair })
    expect(elsewhere.cookies).toHaveLength(1)
    expect(elsewhere.visitorId).not.toBe(visitorId)
    hub.grant = grantFor(upstreamPort)
    const forged = [
      'pc_visitor=',
      'pc_visitor=visitor_tok_',
      pair.slice(0, -1),
      pair.slice(0, -1) + last,
      `x${pair}`,
    ]
    for (const cookie of forged) {
      const answer = await visit({ ...navigation, cookie })
      expect(answer.cookies).toHaveLength(1)
      expect(answer.visitorId).not.toBe(visitorId)
    }
  })
})

describe('visitors who share a connection, as behind a proxy,', () => {
  it('are told apart by all that tells visitors apart', async () => {
    await hub.close()
    hub = await startShareHub({ upstreamPort, options: { trustsProxy: () => true } })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const first = { 'user-agent': 'curl/8', 'x-forwarded-for': '203.0.113.1' }
    const marked = {
      ...first,
      cookie: pairOf((await visit({ ...navigation, ...first }, { agent })).cookies[0]),
    }
    const others = [
      { ...first, 'user-agent': 'curl/9' },
      { ...first, 'x-forwarded-for': '203.0.113.2' },
      marked,
    ]
    const ids: string[] = []
    for (const headers of [first, ...others, first, ...others])
      ids.push((await visit(headers, { agent })).visitorId)
    hub.grant = grantFor(upstreamPort, { id: 'share_2' })
    ids.push((await visit(first, { agent })).visitorId)
    agent.destroy()
    expect(hub.sockets().length).toBeLessThanOrEqual(1)
    expect(new Set(ids.slice(0, 4)).size).toBe(4)
    expect(ids.slice(4, 8)).toEqual(ids.slice(0, 4))
    expect(ids.slice(0, 4)).not.toContain(ids[8])
  })
})

describe('a visitor without a browser', () => {
  it('is one as long as address and user agent stay, refused requests too', async () => {
    const first = await visit({ 'user-agent': 'curl/8' })
    expect((await visit({ 'user-agent': 'curl/8' })).visitorId).toBe(first.visitorId)
    expect((await visit({ 'user-agent': 'curl/9' })).visitorId).not.toBe(first.visitorId)
    hub.grant = grantFor(upstreamPort, { isRevoked: true })
    expect((await visit({ 'user-agent': 'curl/8' })).visitorId).toBe(first.visitorId)
  })
})

describe('ids of visitors', () => {
  const ids = createVisitorIds(new Uint8Array(32).fill(7))

  it('are the same on each node with the key, and others with another', () => {
    const same = createVisitorIds(new Uint8Array(32).fill(7))
    const other = createVisitorIds(new Uint8Array(32).fill(8))
    const guessed = ids.guess('share_1', '203.0.113.1', 'curl')
    expect(same.guess('share_1', '203.0.113.1', 'curl')).toBe(guessed)
    expect(other.guess('share_1', '203.0.113.1', 'curl')).not.toBe(guessed)
    const { id, mark } = ids.create('share_1')
    expect(same.read('share_1', mark)).toBe(id)
    expect(other.read('share_1', mark)).toBeNull()
  })

  it('follow nobody from share to share, and show no address', () => {
    const guessed = ids.guess('share_1', '203.0.113.1', 'curl')
    expect(ids.guess('share_2', '203.0.113.1', 'curl')).not.toBe(guessed)
    expect(guessed).toMatch(/^visitor_[0-9a-f]{24}$/)
  })

  it('take a network of IPv6 for one visitor, whose address changes daily', () => {
    const guess = (address: string) => ids.guess('share_1', address, 'curl')
    expect(guess('2001:db8:1:2::1')).toBe(guess('2001:db8:1:2:ffff::9'))
    expect(guess('2001:db8:1:3::1')).not.toBe(guess('2001:db8:1:2::1'))
  })

  it('stay right when more are seen than are remembered', () => {
    const first = ids.guess('share_1', '203.0.113.1', 'curl')
    for (let at = 0; at < 25_000; at += 1) ids.guess('share_1', '203.0.113.2', `agent ${at}`)
    expect(ids.guess('share_1', '203.0.113.1', 'curl')).toBe(first)
  })
})
