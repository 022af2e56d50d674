import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startLocalApp, startTestHub, visit, type TestHub } from '@private-connect/sharing/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCliUser, readShare, type CliUser } from './kit/cli.ts'

/*
 * Guarantee: `login` ends with a session that only this user can read, every command uses it where no key is given, and
 * `logout` ends it at the hub, not only here.
 */
let hub: TestHub
let user: CliUser
let cookie: string

beforeAll(async () => {
  hub = await startTestHub()
  user = createCliUser({ url: hub.url, apiKey: '' })
  const token = new URL(hub.signInUrl).hash.slice(1)
  const answer = await fetch(`${hub.url}/v1/auth/verify?token=${token}`)
  cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
})

afterAll(async () => {
  user.remove()
  await hub.remove()
})

const sessionsFile = () => join(user.configHome, 'private-connect', 'sessions.json')

/** What the approval page does. */
async function decide(userCode: string, decision: 'approve' | 'deny') {
  const answer = await fetch(`${hub.url}/v1/device/verify`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ userCode, decision }),
  })
  expect(answer.status).toBe(200)
}

async function logIn(decision: 'approve' | 'deny' = 'approve') {
  const program = user.run('login', '--no-browser')
  const [, url, userCode = ''] = await program.waitFor(/(http\S+\/device#\S+)[^]*Code +(\S+)/)
  expect(url).toBe(`${hub.url}/device#${userCode}`)
  await decide(userCode, decision)
  return program
}

it('is let in by the browser, shares without a key, and is out after logout', async () => {
  const login = await logIn()
  await login.waitFor(/Signed in as owner@localhost, workspace my-workspace\./)
  expect(await login.exited).toBe(0)
  expect(statSync(sessionsFile()).mode & 0o777).toBe(0o600)
  expect(login.output()).not.toContain('sess_')

  const app = await startLocalApp()
  const program = user.run('share', String(app.port), '--json')
  const { share } = await readShare(program)
  expect((await visit(share.subdomainUrl, '/x')).text).toBe('app saw GET /x')
  expect(await program.stop()).toBe(0)
  await app.close()

  const [token] = /sess_\w+/.exec(readFileSync(sessionsFile(), 'utf8')) ?? []
  const me = () => fetch(`${hub.url}/v1/auth/me`, { headers: { authorization: `Bearer ${token}` } })
  expect((await me()).status).toBe(200)
  const logout = user.run('logout')
  expect(await logout.exited).toBe(0)
  expect((await me()).status).toBe(401)
  expect(readFileSync(sessionsFile(), 'utf8')).not.toContain('sess_')
  expect(await user.run('ls').exited).toBe(4)
  expect(await user.run('logout').exited).toBe(4)
})

it('says that it was turned away', async () => {
  const login = await logIn('deny')
  expect(await login.exited).toBe(4)
  expect(login.output()).toContain('turned away')
})

it('forgets a session that the hub no longer knows', async () => {
  writeFileSync(
    sessionsFile(),
    JSON.stringify({ version: 1, hubs: { [hub.url]: { token: `sess_${'a'.repeat(32)}` } } }),
  )
  const listed = user.run('ls')
  expect(await listed.exited).toBe(4)
  expect(listed.output()).toContain('private-connect login')
  expect(await user.run('logout').exited).toBe(0)
  expect(readFileSync(sessionsFile(), 'utf8')).not.toContain('sess_')
})

it('takes a damaged file for being signed out', async () => {
  writeFileSync(sessionsFile(), '{ "version": 1, "hubs": { "x": { "token": "\\r\\n" } } }')
  const program = user.run('ls')
  expect(await program.exited).toBe(4)
  expect(program.output()).toContain('Sign in first')
})
