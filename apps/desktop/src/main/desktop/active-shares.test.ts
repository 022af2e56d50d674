import type { Event, Share } from '@private-connect/api/contracts'
import type { LocalTarget } from '@private-connect/proxy/tunnel'
import { HubRefusal } from '@private-connect/sharing'
import type { DesktopShare } from '@private-connect/ui/desktop'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createActiveShares } from './active-shares.ts'
import type { HubApi, HubClient } from './hub-api.ts'

/**
 * What has no open share is served no more (the agent dials only what its user shares), what is being shared stays, and an
 * answer that was asked for before a change does not undo it.
 */
let targets: Map<string, LocalTarget>
let stopped: string[]
let shown: string[]
let visitors: number[]
let forgotten: string[]
let isHubAway: boolean
let now: number
let listed: Array<{ serviceId: string; answer: (shares: readonly string[]) => void }>

beforeEach(() => {
  targets = new Map([['svc_1', { host: '127.0.0.1', port: 3000 }]])
  stopped = []
  shown = []
  visitors = []
  forgotten = []
  isHubAway = false
  now = 0
  listed = []
})

const share = (id: string): Share =>
  ({
    id,
    name: id,
    createdAt: '2026-03-02T10:00:00.000Z',
    expiresAt: null,
    isActive: true,
    accessCount: 0,
  }) as Share
const opened = (id: string): DesktopShare => ({
  id,
  name: id,
  url: null,
  targetHost: '127.0.0.1',
  targetPort: 3000,
  expiresAtMs: null,
  visitorCount: 0,
})

function createShares() {
  const query = async ({ serviceId }: { serviceId: string }) => {
    if (isHubAway) throw new Error('away')
    if (serviceId === 'svc_deleted') throw new HubRefusal('service.not_found', 'No such service.')
    return new Promise((done) =>
      listed.push({ serviceId, answer: (ids) => done({ items: ids.map(share), nextCursor: null }) }),
    )
  }
  const client = { shares: { listOfService: { query } } } as unknown as HubClient
  return createActiveShares({
    api: { hubUrl: 'http://hub', client, call: async (work) => work(client) } satisfies HubApi,
    agent: {
      targets,
      stopServing: async (ids) => void stopped.push(...ids),
    },
    links: {
      find: () => null,
      keep: async () => undefined,
      forget: async (shareId) => void forgotten.push(shareId),
    },
    nowMs: () => now,
    onChange(shares) {
      shown = shares.map(({ id }) => id)
      visitors = shares.map(({ visitorCount }) => visitorCount)
    },
  })
}

const asked = async (count: number) =>
  vi.waitFor(() => expect(listed).toHaveLength(count), { timeout: 10_000 })

describe('open shares', () => {
  it('are all that is served', async () => {
    targets.set('svc_2', { host: '127.0.0.1', port: 4000 })
    const shares = createShares()
    const refreshed = shares.refresh()
    await asked(2)
    listed[0]?.answer(['share_1'])
    listed[1]?.answer([])
    await refreshed
    expect(shown).toEqual(['share_1'])
    expect(stopped).toEqual(['svc_2'])
  })

  it('that are revoked here leave nothing served', async () => {
    const shares = createShares()
    shares.add(opened('share_1'))
    shares.remove('share_1')
    await asked(1)
    listed[0]?.answer([])
    await vi.waitFor(() => expect(stopped).toEqual(['svc_1']), { timeout: 10_000 })
  })

  it('may be on their way: their service is served on', async () => {
    const shares = createShares()
    const unpin = shares.pin('svc_1')
    const first = shares.refresh()
    await asked(1)
    listed[0]?.answer([])
    await first
    expect(stopped).toEqual([])
    unpin()
    const second = shares.refresh()
    await asked(2)
    listed[1]?.answer([])
    await second
    expect(stopped).toEqual(['svc_1'])
  })

  it('stay as they were changed while the hub was asked', async () => {
    const shares = createShares()
    const refreshed = shares.refresh()
    await asked(1)
    shares.add(opened('share_new'))
    listed[0]?.answer([])
    await asked(2)
    expect(shown).toEqual(['share_new'])
    listed[1]?.answer(['share_new'])
    await refreshed
    expect(shown).toEqual(['share_new'])
    expect(stopped).toEqual([])
  })

  it('leave nothing served of a service that was deleted', async () => {
    targets = new Map([['svc_deleted', { host: '127.0.0.1', port: 3000 }]])
    const shares = createShares()
    await shares.refresh()
    expect(stopped).toEqual(['svc_deleted'])
  })

  it('go when their time is over by the clock of this machine, where the hub cannot be asked', async () => {
    const shares = createShares()
    isHubAway = true
    shares.add({ ...opened('share_1'), expiresAtMs: 1 })
    await vi.waitFor(() => expect(shown).toEqual(['share_1']), { timeout: 10_000 })
    now = 2
    await vi.waitFor(() => expect(shown).toEqual([]), { timeout: 10_000 })
    expect(stopped).toEqual([])
    shares.close()
  })

  it('are asked for again when one ends or is opened elsewhere, not at each visit', async () => {
    const shares = createShares()
    shares.add(opened('share_1'))
    const data = { shareId: 'share_1', shareName: 'x', isReturning: false }
    const hear = (type: Event['type'], change: object = {}) =>
      shares.heard({
        id: 'evt_1',
        seq: 1,
        createdAt: '',
        type,
        data: { ...data, ...change },
      } as unknown as Event)
    hear('share.accessed')
    hear('share.accessed', { isReturning: true })
    expect(visitors).toEqual([1])
    hear('share.created')
    expect(listed).toHaveLength(0)
    hear('share.created', { shareId: 'share_2' })
    await asked(1)
    listed[0]?.answer(['share_2', 'share_1'])
    await vi.waitFor(() => expect(shown).toEqual(['share_2', 'share_1']), { timeout: 10_000 })
    hear('share.revoked')
    expect(shown).toEqual(['share_2'])
    expect(forgotten).toEqual(['share_1'])
    await asked(2)
  })
})
