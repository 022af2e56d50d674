// Guarantee (issue 6, mail alerts): owners who asked for it get one mail when an agent has been offline for two minutes,
// one when it is back, and one a day before a share ends; nobody else gets any, and two nodes send each once.
import type { Mail } from '@private-connect/api'
import { appendEvent, createAgent, createShare, updateWorkspace, upsertService } from '@private-connect/db'
import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { startMailAlerts, type MailAlerts } from '../src/mail/mail-alerts.ts'
import { createWebhookWorld, type WebhookWorld } from './kit/webhook-world.ts'

const minute = 60_000
const hour = 60 * minute
const mails: Mail[] = []
let world: WebhookWorld
let nodes: MailAlerts[]
let agentId: string
let serviceId: string
let offsetMs = 0

const hash = () => new Uint8Array(randomBytes(32))
const look = async () => {
  await Promise.all(nodes.map(async (node) => node.look()))
  return mails.splice(0).map(({ subject }) => subject)
}
const tell = async (type: 'agent.online' | 'agent.offline') =>
  appendEvent(world.db, {
    workspaceId: world.workspaceId,
    type,
    agentId,
    data: { agentId, agentName: 'laptop' },
  })
const share = async (name: string, hours: number) =>
  createShare(world.db, {
    workspaceId: world.workspaceId,
    serviceId,
    createdByUserId: null,
    createdByApiKeyId: null,
    name,
    description: null,
    expiresAt: new Date(Date.now() + hours * hour),
    allowedPaths: null,
    allowedMethods: null,
    rateLimitPerMin: null,
    link: { tokenHash: hash(), tokenPreview: 'share_tok_abc...' },
  })

beforeAll(async () => {
  world = await createWebhookWorld()
  const { workspaceId } = world
  agentId = (await createAgent(world.db, { workspaceId, name: 'laptop', label: null, tokenHash: hash() })).id
  const target = { name: 'web', targetHost: 'localhost', targetPort: 3000, protocol: 'http' } as const
  serviceId = (await upsertService(world.db, { workspaceId, agentId, ...target })).service.id
  const log = { warn: (error: unknown) => expect(error).toBeUndefined() }
  nodes = [0, 1].map(() =>
    startMailAlerts({
      db: world.db,
      hubUrl: 'https://hub.example.com',
      sendMail: (mail) => void mails.push(mail),
      log,
      nowMs: () => Date.now() + offsetMs,
      everyMs: hour,
    }),
  )
}, 120_000)
afterEach(() => void (offsetMs = 0))
afterAll(async () => {
  await Promise.all(nodes.map(async (node) => node.stop()))
  await world.remove()
})

it('sends nothing that nobody asked for', async () => {
  await tell('agent.offline')
  await share('week', 20)
  const { id } = await share('unasked', 7 * 24)
  offsetMs = 5 * minute
  expect(await look()).toEqual([])
  offsetMs = 6 * 24 * hour + minute
  expect(await look()).toEqual([])
  await world.db.client.share.update({ where: { id }, data: { revokedAt: new Date() } })
})

it('tells once that an agent is offline for two minutes, and once that it is back', async () => {
  await updateWorkspace(world.db, world.workspaceId, { mailsAgentOffline: true })
  await tell('agent.online')
  await tell('agent.offline')
  offsetMs = minute
  expect(await look()).toEqual([])
  offsetMs = 3 * minute
  expect(await look()).toEqual(['Agent offline: laptop'])
  expect(await look()).toEqual([])
  await tell('agent.online')
  expect(await look()).toEqual(['Agent back online: laptop'])
  expect(await look()).toEqual([])
})

it('tells neither of an agent that was away for a moment, nor of one that has long been away', async () => {
  await tell('agent.offline')
  await tell('agent.online')
  offsetMs = 10 * minute
  expect(await look()).toEqual([])
  await tell('agent.offline')
  offsetMs = 2 * hour
  expect(await look()).toEqual([])
})

it('tells once that a share of several days ends in a day, and again when it got another end', async () => {
  await updateWorkspace(world.db, world.workspaceId, { mailsShareExpiring: true })
  const { id } = await share('audit', 7 * 24)
  await share('short', 24)
  offsetMs = 5 * 24 * hour
  expect(await look()).toEqual([])
  offsetMs = 6 * 24 * hour + minute
  expect(await look()).toEqual(['Share ends soon: audit'])
  expect(await look()).toEqual([])
  const expiresAt = new Date(Date.now() + 9 * 24 * hour)
  await world.db.client.share.update({ where: { id }, data: { expiresAt } })
  expect(await look()).toEqual([])
  offsetMs = 8 * 24 * hour + minute
  expect(await look()).toEqual(['Share ends soon: audit'])
  const revoked = await share('revoked', 9 * 24)
  await world.db.client.share.update({ where: { id: revoked.id }, data: { revokedAt: new Date() } })
  expect(await look()).toEqual([])
})

it('looks by itself, also after a look that failed', async () => {
  await tell('agent.online')
  await tell('agent.offline')
  offsetMs = 3 * minute
  const warn = vi.fn()
  const nowMs = vi.fn(() => Date.now() + offsetMs)
  nowMs.mockImplementationOnce(() => {
    throw new Error('away')
  })
  const sendMail = vi.fn()
  const hubUrl = 'https://hub.example.com'
  const node = startMailAlerts({ db: world.db, hubUrl, sendMail, log: { warn }, nowMs, everyMs: 1 })
  await vi.waitFor(() => expect(sendMail).toHaveBeenCalled(), { timeout: 10_000 })
  await node.stop()
  expect(sendMail.mock.calls).toMatchObject([[{ subject: 'Agent offline: laptop', to: 'o@example.com' }]])
  expect(warn.mock.calls).toEqual([[{ err: new Error('away') }, expect.stringContaining('will retry')]])
})
