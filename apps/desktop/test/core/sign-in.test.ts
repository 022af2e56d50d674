import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { visit } from '@private-connect/sharing/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { startHubAndAppForFile } from '../kit/core-for-file.ts'
import { startTestDesktop, type TestDesktop, type TestDesktopOptions } from '../kit/test-desktop.ts'

/*
 * Guarantee (CASES ELE-08, ELE-16): a person signs in through the browser or by a key; what lets them in is kept in the keyring, in
 * memory where there is none, in a file that only they can read by their choice; and signing out leaves none of it, here
 * and at the hub.
 */
const { hub, app } = await startHubAndAppForFile()
let running: TestDesktop

afterEach(() => running.remove())

const start = async (options: Partial<TestDesktopOptions> = {}) =>
  (running = await startTestDesktop({ hubUrl: hub.url, ...options }))
const account = () => running.desktop.state.get().account
const secret = /sess_|pc_live_|agent_tok_|share_tok_|share-tok-/

async function signInByBrowser(decision: 'approve' | 'deny' = 'approve'): Promise<void> {
  await running.desktop.signIn()
  const shown = account()
  if (shown.kind !== 'signing-in') throw new Error(shown.kind)
  expect(running.opened).toEqual([`${hub.url}/device#${shown.userCode}`])
  expect(shown.verificationUrl).toBe(running.opened[0])
  await hub.decide(shown.userCode, decision)
}

describe('signing in', () => {
  it('goes through the browser, opens the tunnel before anything is shared, and ends at the hub too', async () => {
    await start()
    expect(account()).toEqual({ kind: 'signed-out' })
    await expect(running.desktop.sharePort({ port: app.port, host: '127.0.0.1' })).rejects.toThrow(
      'Sign in first.',
    )
    await signInByBrowser()
    await running.until(({ connection }) => connection === 'connected')
    expect(account()).toEqual({ kind: 'signed-in', email: 'owner@localhost', workspaceName: 'my-workspace' })
    const headers = running.desktop.credential()?.authorization ?? {}
    expect(headers['authorization']).toMatch(/^Bearer sess_/)
    const me = async () => (await fetch(`${hub.url}/v1/auth/me`, { headers })).status
    expect(await me()).toBe(200)
    await running.desktop.signOut()
    expect(await me()).toBe(401)
  })

  it('says that it was turned away, and can be cancelled and begun again', async () => {
    await start()
    await signInByBrowser('deny')
    await running.until((state) => state.account.kind === 'signed-out' && state.account.ended === 'denied')
    await running.desktop.signIn()
    await running.desktop.openSignInPage()
    expect(running.opened[2]).toBe(running.opened[1])
    running.desktop.cancelSignIn()
    expect(account()).toEqual({ kind: 'signed-out' })
    await expect(running.desktop.openSignInPage()).rejects.toThrow('No sign-in is under way.')
  })

  it.each([
    ['a key that the hub does not know', `pc_live_${'a'.repeat(26)}`, /not valid/],
    ['what is no key', 'pc live', /characters that no key has/],
  ])('refuses %s, without a word of it', async (_what, key, words) => {
    await start()
    const failure = (await running.desktop.signInWithKey(key).catch((cause: unknown) => cause)) as Error
    expect(failure.message).toMatch(words)
    expect(failure.message).not.toContain(key)
    expect(account()).toEqual({ kind: 'signed-out' })
  })

  it('ends where the hub ends it, and serves nothing any more', async () => {
    const headers = { ...hub.owner, 'content-type': 'application/json' }
    const answer = await fetch(`${hub.url}/v1/api-keys`, {
      method: 'POST',
      headers,
      body: '{"name":"short"}',
    })
    const made = (await answer.json()) as { id: string; key: string }
    await start()
    await running.desktop.signInWithKey(made.key)
    await running.until(({ connection }) => connection === 'connected')
    const { url } = await running.desktop.sharePort({ port: app.port, host: '127.0.0.1' })
    await fetch(`${hub.url}/v1/api-keys/${made.id}`, { method: 'DELETE', headers: hub.owner })
    await running.until(
      (state) => state.account.kind === 'signed-out' && state.account.ended === 'session-ended',
    )
    expect(running.desktop.credential()).toBeNull()
    expect(running.desktop.state.get()).toMatchObject({ connection: 'offline', shares: [] })
    expect((await visit(url)).status).toBe(503)
    // The next sign-in serves what was open.
    await running.desktop.signInWithKey(hub.apiKey)
    await running.until(({ connection }) => connection === 'sharing')
    expect((await visit(url)).status).toBe(200)
  })
})

describe('what lets a person in', () => {
  it('is sealed by the keyring, and gone after signing out', async () => {
    await start()
    await running.desktop.signInWithKey(hub.apiKey)
    await running.until(({ connection }) => connection === 'connected')
    const { url } = await running.desktop.sharePort({ port: app.port, host: '127.0.0.1' })
    expect(running.desktop.state.get()).toMatchObject({ secretStorage: 'keyring', hasKeyring: true })
    expect(await running.readDisk()).not.toMatch(secret)
    const file = join(running.folder, 'app', 'secrets.json')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(join(running.folder, 'app'))).mode & 0o777).toBe(0o700)

    await running.desktop.signOut()
    await expect(stat(file)).rejects.toThrow('ENOENT')
    expect((await visit(url)).status).toBe(403)
    expect((await running.restart()).desktop.state.get().account).toEqual({ kind: 'signed-out' })
  })

  it('stays in memory where no keyring is, until the person chooses a file', async () => {
    await start({ keyring: 'none' })
    await running.desktop.signInWithKey(hub.apiKey)
    await running.until(({ connection }) => connection === 'connected')
    const { url } = await running.desktop.sharePort({ port: app.port, host: '127.0.0.1' })
    expect(running.desktop.state.get()).toMatchObject({ secretStorage: 'memory', hasKeyring: false })
    expect(await running.readDisk()).not.toMatch(secret)

    await running.desktop.chooseSecretStorage('plain-file')
    expect(running.desktop.state.get().secretStorage).toBe('plain-file')
    expect(await running.readDisk()).toMatch(secret)
    expect((await stat(join(running.folder, 'app', 'secrets.json'))).mode & 0o777).toBe(0o600)
    running = await running.restart()
    await running.until(({ connection }) => connection === 'sharing')
    expect(running.desktop.state.get()).toMatchObject({ secretStorage: 'plain-file', shares: [{ url }] })

    await running.desktop.signOut()
    expect(await running.readDisk()).not.toMatch(secret)
    expect((await visit(url)).status).toBe(403)
  })

  it('is not written by what was under way when the person signed out', async () => {
    const asked = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    const slow: typeof globalThis.fetch = async (url, init) => {
      const answer = await fetch(url, init)
      if (!(url as string).includes('agents.register')) return answer
      asked.resolve()
      await held.promise
      return answer
    }
    await start({ keyring: 'none', fetch: slow })
    await running.desktop.chooseSecretStorage('plain-file')
    await running.desktop.signInWithKey(hub.apiKey)
    await asked.promise
    await running.desktop.signOut()
    held.resolve()
    // A call of the hub takes longer than what follows on the answer; choosing again writes all that there is.
    await running.desktop.signInWithKey('pc_live_no_key').catch(() => undefined)
    await running.desktop.chooseSecretStorage('plain-file')
    expect(await running.readDisk()).not.toMatch(secret)
    expect(running.desktop.state.get()).toMatchObject({
      connection: 'offline',
      account: { kind: 'signed-out' },
    })
  })

  it('is removed from the disk though the hub cannot be told', async () => {
    await start({ keyring: 'none' })
    await running.desktop.chooseSecretStorage('plain-file')
    await running.desktop.signInWithKey(hub.apiKey)
    await running.until(({ connection }) => connection === 'connected')
    await hub.kill()
    await running.desktop.signOut()
    expect(await running.readDisk()).not.toMatch(secret)
    expect(account()).toEqual({ kind: 'signed-out' })
    await hub.start()
  })
})

describe('another hub', () => {
  it('is taken only where one answers, and ends the sign-in at the former one', async () => {
    await start()
    await running.desktop.signInWithKey(hub.apiKey)
    const website = createServer((_req, res) => res.end('<!doctype html>')).listen(0, '127.0.0.1')
    await new Promise((done) => website.once('listening', done))
    const other = `http://127.0.0.1:${(website.address() as AddressInfo).port}`
    await expect(running.desktop.changeHub(other)).rejects.toThrow('is not a Private Connect hub')
    await expect(running.desktop.changeHub('http://127.0.0.1:1')).rejects.toThrow('cannot be reached')
    await expect(running.desktop.changeHub('ftp://x')).rejects.toThrow('not an http or https address')
    expect(account().kind).toBe('signed-in')
    website.close()

    const sameByName = hub.url.replace('127.0.0.1', 'localhost')
    await running.desktop.changeHub(`${sameByName}/`)
    expect(running.desktop.state.get()).toMatchObject({
      account: { kind: 'signed-out' },
      settings: { hubUrl: sameByName },
    })
    expect(await running.readDisk()).toContain(sameByName)
  })
})
