import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createKeyringDouble } from '../../../test/kit/keyring-double.ts'
import { openSecretVault, type SecretVault } from '../storage/secret-vault.ts'
import { defaultSettings } from '../storage/settings-file.ts'
import { createDesktop } from './create-desktop.ts'
import type { Desktop, DesktopPorts } from './desktop.ts'

/*
 * Guarantee (CASES ELE-08): whoever signs out is out at that moment, whatever was under way and however long the hub takes to hear of
 * it; an ended session and one of another hub let nobody in again.
 */
const hubUrl = 'http://127.0.0.1:1'
const secret = /pc_live_x|agent_tok_x|share_tok_x/
const session = { hubUrl, kind: 'api_key', value: 'pc_live_x', email: null, workspaceName: 'lab' }
const answers: Readonly<Record<string, unknown>> = {
  'auth.me': { user: null, workspace: { name: 'lab' } },
  'agents.get': { id: 'agent_x' },
  'agents.delete': {},
  'agents.register': { agent: { id: 'agent_x' }, token: 'agent_tok_x' },
  'services.register': { service: { id: 'svc_1' } },
  'shares.revoke': {},
  'shares.create': {
    share: { id: 'share_1', name: 'shop', shareUrl: `${hubUrl}/shared/share_tok_x`, expiresAt: null },
  },
}
let folder: string
let vault: SecretVault
let desktop: Desktop
/** Procedures that the hub answers only once the test lets it. */
let held: Map<string, PromiseWithResolvers<void>>
let asked: string[]
let hasEnded: boolean

const fetch = (async (url: string) => {
  const procedure = new URL(url).pathname.replace('/trpc/', '')
  asked.push(procedure)
  await held.get(procedure)?.promise
  const data = { code: 'auth.invalid', message: 'The credential is not valid.' }
  if (hasEnded) return Response.json({ error: { json: { ...data, code: -32_001, data } } }, { status: 401 })
  const json = answers[procedure]
  // Whoever never answers does not heed the signal either.
  return json === undefined ? new Promise(() => undefined) : Response.json({ result: { data: { json } } })
}) as typeof globalThis.fetch

const hold = (procedure: string): (() => void) => {
  const gate = Promise.withResolvers<void>()
  held.set(procedure, gate)
  return gate.resolve
}
const isAsked = (procedure: string) =>
  vi.waitFor(() => expect(asked).toContain(procedure), { timeout: 10_000 })
const onDisk = (): string => readFileSync(join(folder, 'app', 'secrets.json'), 'utf8')
const account = () => desktop.state.get().account

function start(): void {
  const ports: Omit<DesktopPorts, 'fetch'> = {
    resolveProxy: async () => undefined,
    openExternal: async () => undefined,
    writeClipboard: () => undefined,
    listListeningPorts: async () => [],
    notifyShared: () => undefined,
    settings: { current: () => ({ ...defaultSettings, hubUrl }), save: async () => undefined },
    vault,
    hostName: 'test-host',
    appVersion: '0',
    nowMs: Date.now,
    log: { info: () => undefined, warn: () => undefined },
  }
  desktop = createDesktop({ ...ports, fetch })
}

beforeEach(async () => {
  held = new Map()
  asked = []
  hasEnded = false
  folder = mkdtempSync(join(tmpdir(), 'pc-account-'))
  const keyring = createKeyringDouble('none')
  vault = await openSecretVault({ file: join(folder, 'app', 'secrets.json'), keyring })
  await vault.choose('plain-file')
})

afterEach(async () => {
  await desktop.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('signing out', () => {
  it('counts for a key that is being checked at that moment', async () => {
    start()
    const release = hold('auth.me')
    const signingIn = desktop.signInWithKey('pc_live_x')
    signingIn.catch(() => undefined)
    await isAsked('auth.me')
    await desktop.signOut()
    release()
    await expect(signingIn).rejects.toThrow('You signed out meanwhile.')
    expect(account()).toEqual({ kind: 'signed-out' })
    expect([vault.get('session'), secret.test(onDisk())]).toEqual([null, false])
  })

  it('removes all secrets before the hub has answered, and waits for it no longer than it must', async () => {
    await vault.set('session', JSON.stringify(session))
    start()
    await vi.waitFor(() => expect(onDisk()).toContain('agent_tok_x'), { timeout: 10_000 })
    // For good.
    hold('agents.delete')
    const signingOut = desktop.signOut()
    await isAsked('agents.delete')
    await vi.waitFor(() => expect(onDisk()).not.toMatch(secret), { timeout: 10_000 })
    await signingOut
    expect(account()).toEqual({ kind: 'signed-out' })
  })

  it('keeps no link of a share that is being made at that moment', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
    await new Promise((done) => server.once('listening', done))
    await vault.set('session', JSON.stringify(session))
    start()
    const release = hold('shares.create')
    const { port } = server.address() as AddressInfo
    const sharing = desktop.sharePort({ port, host: '127.0.0.1' })
    await isAsked('shares.create')
    const signingOut = desktop.signOut()
    release()
    await Promise.allSettled([sharing, signingOut])
    expect([vault.get('links'), secret.test(onDisk())]).toEqual([null, false])
    server.close()
  })
})

it('a share that was revoked is not shown and its link not kept, though no event tells of that', async () => {
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  await vault.set('session', JSON.stringify(session))
  start()
  const { id } = await desktop.sharePort({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
  await vi.waitFor(() => expect(onDisk()).toContain('share_tok_x'), { timeout: 10_000 })
  await desktop.revokeShare(id)
  expect(desktop.state.get().shares).toEqual([])
  expect(onDisk()).not.toContain('share_tok_x')
  server.close()
})

describe('a session that was kept', () => {
  it('of another hub than the chosen one is not used', async () => {
    await vault.set('session', JSON.stringify({ ...session, hubUrl: 'https://other.example.com' }))
    start()
    expect(account()).toEqual({ kind: 'signed-out' })
    expect(desktop.credential()).toBeNull()
    expect(asked).toEqual([])
  })

  it('is not kept once the hub has ended it', async () => {
    hasEnded = true
    await vault.set('session', JSON.stringify(session))
    start()
    await vi.waitFor(() => expect(account()).toEqual({ kind: 'signed-out', ended: 'session-ended' }), {
      timeout: 10_000,
    })
    expect(vault.get('session')).toBeNull()
    await vi.waitFor(() => expect(onDisk()).not.toContain('pc_live_x'), { timeout: 10_000 })
  })
})
