import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Program } from '@private-connect/sharing/testing'
import { afterEach, expect, it, vi } from 'vitest'
import { createCliUser, type CliUser } from './kit/cli.ts'

/*
 * Guarantee: `login` opens the page for signing in only where it is the hub's own; another one, whatever the hub answers,
 * is shown and opened by nobody but the user.
 */
let server: Server | undefined
let user: CliUser | undefined
let program: Program | undefined
let folder = ''

afterEach(async () => {
  await program?.stop('SIGINT')
  server?.closeAllConnections()
  server?.close()
  user?.remove()
  rmSync(folder, { recursive: true, force: true })
})

/** Answers as a hub does, and names this page; counts how often it was asked whether the user has been there. */
async function startHubNaming(pageOf: (url: string) => string) {
  const state = { url: '', polls: 0 }
  server = createServer((request, response) => {
    const isCode = request.url === '/v1/device/code'
    if (!isCode) state.polls += 1
    const page = pageOf(state.url)
    const answer = isCode
      ? {
          deviceCode: 'device_code_abcdefghijklmnopqrstuvwxyz',
          userCode: 'WDJB-MJHT',
          verificationUri: page,
          verificationUriComplete: page,
          expiresIn: 600,
          interval: 1,
        }
      : { error: 'Not yet', code: 'device.authorization_pending', requestId: 'req_1' }
    response.writeHead(isCode ? 200 : 400, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done))
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return state
}

/** A user whose system opens pages by writing their address down. */
function createReader(hubUrl: string) {
  folder = mkdtempSync(join(tmpdir(), 'pc-cli-opener-'))
  const opened = join(folder, 'opened')
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\nprintf %s "$1" > ${opened}\n`, { mode: 0o755 })
  user = createCliUser({ url: hubUrl, apiKey: '' }, { PATH: `${folder}:${process.env['PATH'] ?? ''}` })
  program = user.run('login')
  return {
    program,
    opened: () => (existsSync(opened) ? readFileSync(opened, 'utf8') : null),
  }
}

it('opens its hub’s page', async () => {
  const hub = await startHubNaming((url) => `${url}/device#WDJB-MJHT`)
  const { opened } = createReader(hub.url)
  await vi.waitFor(() => expect(opened()).toBe(`${hub.url}/device#WDJB-MJHT`), { timeout: 15_000 })
})

it('shows another server’s page, and leaves it to the user', async () => {
  const hub = await startHubNaming(() => 'http://127.0.0.1:631/admin?cancel=all')
  const { program: login, opened } = createReader(hub.url)
  await login.waitFor(/127\.0\.0\.1:631\/admin/)
  // By then it would have been opened.
  await vi.waitFor(() => expect(hub.polls).toBeGreaterThan(0), { timeout: 15_000 })
  expect(opened()).toBeNull()
})
