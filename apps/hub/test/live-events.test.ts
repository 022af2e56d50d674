import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { tellAgent } from '@private-connect/db'
import { startInnerHub, type InnerHub } from './kit/hub-in-process.ts'
import { shareDirectly, type CreatedShare } from './kit/share.ts'
import { eventIn, subscribe, type Listener } from './kit/subscribe.ts'

const person = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const subscriberCount = 50
/** Ten times the promise of 100 ms. */
const deadlineMs = 1000

// Guarantee (SPEC §9, issue 6): whoever follows hears of a visitor at once, once each, and of nobody else's.
describe('live events', () => {
  let hub: InnerHub
  let app: Server
  let share: CreatedShare
  const listeners: Listener[] = []

  beforeAll(async () => {
    app = createServer((_req, res) => res.end('hello')).listen(0, '127.0.0.1')
    await once(app, 'listening')
    hub = await startInnerHub({ SUBSCRIPTIONS_MAX: '60', SHARE_REQUESTS_PER_MIN: '1000000' })
    share = await shareDirectly(hub, (app.address() as AddressInfo).port)
  }, 120_000)

  afterAll(async () => {
    for (const listener of listeners) listener.close()
    await hub?.remove()
    app?.close()
  })

  async function listen(path: string, input?: object): Promise<Listener> {
    const listener = await subscribe(hub.url, { 'x-api-key': hub.apiKey }, [path, input])
    listeners.push(listener)
    return listener
  }
  const visit = async (userAgent: string, path = '/') => {
    const answer = await fetch(`${hub.url}/shared/${share.token}${path}`, {
      headers: { 'user-agent': userAgent },
    })
    return (await answer.text(), answer.status)
  }

  it('reach every subscriber within the deadline, one for each visitor and not for each request', async () => {
    const all = await Promise.all(
      Array.from({ length: subscriberCount }, async () => listen('events.stream')),
    )
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 200))
    const startedMs = performance.now()
    await visit(person)
    await vi.waitFor(() => expect(all.every(({ heard }) => heard.length === 1)).toBe(true), {
      timeout: deadlineMs,
      interval: 5,
    })
    expect(performance.now() - startedMs).toBeLessThan(deadlineMs)
    for (let n = 0; n < 20; n += 1) await visit(person, `/${n}?secret=1`)
    await visit('Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)')
    await vi.waitFor(() => expect(all.every(({ heard }) => heard.length >= 2)).toBe(true), {
      timeout: deadlineMs,
    })
    const [first, second, ...more] = all[0]?.heard.map(eventIn) ?? []
    const data = { shareId: share.id, shareName: 'app', ipAddress: '127.0.0.1', isReturning: false }
    expect(first).toMatchObject({ type: 'share.accessed', data: { ...data, isBot: false } })
    expect(second).toMatchObject({ type: 'share.accessed', data: { ...data, isBot: true } })
    expect(more).toEqual([])
    expect(JSON.stringify(all[0]?.heard)).not.toMatch(/secret|share_tok_/)
    for (const listener of all) listener.close()
  })

  it('begin while a long answer is still running', async () => {
    const slow = createServer((_req, res) => res.write('begun')).listen(0, '127.0.0.1')
    await once(slow, 'listening')
    const long = await shareDirectly(hub, (slow.address() as AddressInfo).port, 'long')
    const heard = await listen('shares.activity', { shareId: long.id })
    const leaving = new AbortController()
    const answer = await fetch(`${hub.url}/shared/${long.token}/`, { signal: leaving.signal })
    await vi.waitFor(() => expect(heard.heard).toHaveLength(1), { timeout: deadlineMs })
    leaving.abort()
    await answer.text().catch(() => undefined)
    slow.closeAllConnections()
    slow.close()
    heard.close()
  })

  it('tell of refusals once for each reason, and of a share’s life', async () => {
    const activity = await listen('events.stream')
    const target = { name: 'narrow', allowedPaths: ['/ok'] }
    const services = await hub.api<{ id: string }[]>('GET', '/v1/services')
    const path = `/v1/services/${services.body[0]?.id}/shares`
    const made = (await hub.api<{ share: CreatedShare }>('POST', path, target)).body.share
    for (let n = 0; n < 5; n += 1) await fetch(`${hub.url}/shared/${made.token}/no/${n}`)
    await vi.waitFor(() => expect(activity.heard).toHaveLength(2), { timeout: deadlineMs })
    await hub.api('DELETE', `/v1/shares/${made.id}`)
    await fetch(`${hub.url}/shared/${made.token}/ok`)
    await vi.waitFor(() => expect(activity.heard).toHaveLength(4), { timeout: deadlineMs })
    const events = activity.heard.map(eventIn)
    expect(events.map(({ type, data }) => [type, data['reason']])).toEqual([
      ['share.created', undefined],
      ['share.denied', 'share.path_not_allowed'],
      ['share.revoked', undefined],
      ['share.denied', 'share.inactive'],
    ])
    expect(new Set(events.map(({ data }) => data['shareId']))).toEqual(new Set([made.id]))
    // Numbers of one stream rise without a gap (WHK-15).
    const [first = 0, ...seqs] = events.map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.map((_, n) => first + n + 1))
    activity.close()
  })

  it('are listed for programs, and go on where one left off', async () => {
    const first = await hub.api<{ events: { seq: number }[] }>('GET', '/v1/events?limit=2')
    expect(first.body.events.map(({ seq }) => seq)).toEqual([1, 2])
    const resumed = await listen('events.stream', { lastEventId: '2' })
    await vi.waitFor(() => expect(resumed.heard.length).toBeGreaterThan(3), { timeout: deadlineMs })
    expect(resumed.heard.slice(0, 3).map(({ id }) => id)).toEqual(['3', '4', '5'])
    const rest = await hub.api<{ events: { seq: number }[] }>('GET', '/v1/events?after=2')
    expect(rest.body.events.map(({ seq }) => String(seq))).toEqual(resumed.heard.map(({ id }) => id))
    resumed.close()
  })

  it('are refused to strangers, for other workspaces’ shares, for wrong input and beyond the limit', async () => {
    const key = { 'x-api-key': hub.apiKey }
    const codeOf = async (headers: Readonly<Record<string, string>>, input?: object) => {
      const refused = await subscribe(hub.url, headers, ['events.stream', input])
      await refused.ended
      const { event, data } = refused.heard[0] ?? {}
      return [event, (data as { json?: { data: { code: string } } }).json?.data.code]
    }
    expect(await codeOf({})).toEqual(['serialized-error', 'auth.required'])
    expect(await codeOf(key, { shareId: 'share_other' })).toEqual(['serialized-error', 'share.not_found'])
    expect(await codeOf(key, { lastEventId: 'x' })).toEqual(['serialized-error', 'request.invalid'])
    expect(await codeOf({ ...key, 'sec-fetch-site': 'same-site' })).toEqual([
      'serialized-error',
      'auth.cross_site',
    ])
    const open = await Promise.all(Array.from({ length: 60 }, async () => listen('events.stream')))
    expect(await codeOf(key)).toEqual(['serialized-error', 'subscription.limit'])
    for (const listener of open) listener.close()
    await Promise.all(open.map(async ({ ended }) => ended))
    await vi.waitFor(() => expect(hub.hub.deps.live.subscriptions.count).toBe(0), { timeout: 10_000 })
    for (const path of ['/v1/events?after=-1', '/v1/events?after=x', '/v1/events?limit=0']) {
      expect((await hub.api('GET', path)).status).toBe(400)
    }
  })

  it('show agents as they are, and as they come', async () => {
    const { agent } = (
      await hub.api<{ agent: { id: string } }>('POST', '/v1/agents/register', { name: 'laptop' })
    ).body
    const agents = await listen('agents.status')
    const now = { agentId: agent.id, agentName: 'laptop', isOnline: false }
    await vi.waitFor(() => expect(agents.heard.map(eventIn)).toEqual([now]), { timeout: deadlineMs })
    await tellAgent(hub.hub.store.db, { agentId: agent.id, isOnline: true, at: new Date() })
    await vi.waitFor(() => expect(agents.heard.map(eventIn)).toEqual([now, { ...now, isOnline: true }]), {
      timeout: 10 * deadlineMs,
    })
    agents.close()
  })

  it('tell that a share has expired, once and soon', async () => {
    const heard = await listen('events.stream')
    const services = await hub.api<{ id: string }[]>('GET', '/v1/services')
    const expiresAt = new Date(Date.now() + 1500).toISOString()
    const path = `/v1/services/${services.body[0]?.id}/shares`
    const made = (await hub.api<{ share: CreatedShare }>('POST', path, { name: 'short', expiresAt })).body
      .share
    const expired = () => heard.heard.map(eventIn).filter(({ type }) => type === 'share.expired')
    await vi.waitFor(() => expect(expired()).toHaveLength(1), { timeout: 20_000 })
    expect(expired()[0]?.data).toMatchObject({
      shareId: made.id,
      shareName: 'short',
      timestamp: made.expiresAt,
    })
    heard.close()
  })

  it('end in words when the hub stops, so that clients come back', async () => {
    const heard = await listen('events.stream')
    await hub.hub.deps.live.drain()
    await heard.ended
    expect(heard.heard.at(-1)).toMatchObject({
      event: 'serialized-error',
      data: { json: { data: { code: 'hub.draining', httpStatus: 503 } } },
    })
  })
})
