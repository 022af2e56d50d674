import { createServer } from 'node:net'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  startLocalApp,
  startOwnedHub,
  startProgram,
  type LocalApp,
  type OwnedHub,
} from '@private-connect/sharing/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCliUser, readShare, type CliUser } from './kit/cli.ts'

/*
 * Guarantee: what goes wrong is said in words with what to do about it, with the documented exit code, without a stack
 * trace and without the API key.
 */
let hub: OwnedHub
let app: LocalApp
let user: CliUser
let freePort: number

beforeAll(async () => {
  hub = await startOwnedHub()
  app = await startLocalApp()
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  freePort = (server.address() as AddressInfo).port
  await new Promise((done) => server.close(done))
})

beforeEach(() => {
  user = createCliUser(hub)
})

afterEach(() => user.remove())

afterAll(async () => {
  await app.close()
  await hub.remove()
})

async function fail(env: Readonly<Record<string, string>>, ...args: string[]) {
  const other = createCliUser(hub, env)
  const program = other.run(...args)
  const code = await program.exited
  other.remove()
  expect(program.output()).not.toMatch(/\n\s+at .*:\d+|pc_live_/)
  return { code, output: program.output() }
}

describe('a failure', () => {
  it.each([
    ['nothing listens', 5, /^Nothing listens on localhost:\d+\.\nStart your app first/, {}, []],
    [
      'a wrong key',
      4,
      /npm run api-key/,
      { PRIVATE_CONNECT_API_KEY: 'pc_live_aaaaaaaaaaaaaaaaaaaaaaaaaa' },
      ['--force'],
    ],
    [
      'no key',
      4,
      /Sign in first.*\n.*private-connect login.*PRIVATE_CONNECT_API_KEY/,
      { PRIVATE_CONNECT_API_KEY: '' },
      ['--force'],
    ],
    [
      'no hub',
      3,
      /The hub at http:\/\/127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)\.\nStart it with npm start/,
      {},
      ['--force', '--hub', 'http://127.0.0.1:1'],
    ],
    ['a bad address', 2, /hub's address/, {}, ['--hub', 'nonsense']],
    ['a bad duration', 2, /--expires: Must be one of 1h, 24h, 7d, 30d, never\./, {}, ['--expires', '2h']],
    ['an unknown option', 2, /unknown option '--what'/, {}, ['--what']],
  ] as const)('is told: %s', async (...[, code, words, env, options]) => {
    const failed = await fail(env, 'share', String(freePort), ...options)
    expect(failed.output).toMatch(words)
    expect(failed.code).toBe(code)
  })

  it('is told: an address that is no hub', async () => {
    const website = createHttpServer((_req, res) => res.end('<!doctype html>')).listen(0, '127.0.0.1')
    await new Promise((done) => website.once('listening', done))
    const url = `http://127.0.0.1:${(website.address() as AddressInfo).port}`
    const failed = await fail({ PRIVATE_CONNECT_HUB: url }, 'ls')
    expect(failed).toMatchObject({
      code: 3,
      output: expect.stringContaining('is not a Private Connect hub') as string,
    })
    website.closeAllConnections()
    website.close()
  })

  it('is told: the hub itself as target', async () => {
    const failed = await fail({}, 'share', new URL(hub.url).port)
    expect(failed).toMatchObject({ code: 2, output: expect.stringContaining('is the hub itself') as string })
  })

  it('is told: a share that is not there', async () => {
    for (const args of [
      ['revoke', 'share_none'],
      ['logs', 'share_none'],
    ]) {
      expect(await fail({}, ...args)).toMatchObject({
        code: 1,
        output: expect.stringContaining('no such share') as string,
      })
    }
  })

  it('is one JSON line for programs', async () => {
    const failed = await fail({}, 'share', String(freePort), '--json')
    expect(JSON.parse(failed.output)).toMatchObject({ type: 'error', kind: 'nothingListens', exitCode: 5 })
  })

  it('is told: an agent whose token was replaced; the next start registers anew', async () => {
    const program = user.run('share', String(app.port), '--json')
    const { agentId } = await readShare(program)
    const rotate = await fetch(`${hub.url}/v1/agents/${agentId}/rotate-token`, {
      method: 'POST',
      headers: { 'x-api-key': hub.apiKey },
    })
    expect(rotate.status).toBe(200)
    expect(await program.exited).toBe(6)
    expect(program.output()).toContain('no longer accepts this machine')
    const again = user.run('share', String(app.port), '--json')
    expect((await readShare(again)).agentId).not.toBe(agentId)
    expect(await again.stop()).toBe(0)
  })

  it('is not made by a broken identity file', async () => {
    const first = user.run('share', String(app.port), '--json')
    await readShare(first)
    await first.stop()
    const file = join(user.configHome, 'private-connect/agents.json')
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 40))
    const second = user.run('share', String(app.port), '--json')
    await readShare(second)
    expect(await second.stop()).toBe(0)
  })
})

describe('the program', () => {
  it('explains itself, its exit codes and where the key belongs', async () => {
    const help = user.run('--help')
    expect(await help.exited).toBe(0)
    expect(help.output()).toMatch(/share .*Ctrl-C[\s\S]*PRIVATE_CONNECT_API_KEY[\s\S]*Exit codes/)
    const shareHelp = user.run('share', '--help')
    expect(await shareHelp.exited).toBe(0)
    expect(shareHelp.output()).toMatch(/--api-key <key>[\s\S]*process list/)
  })

  it('says on an old Node which one it needs', async () => {
    const oldNode = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } })`
    const bin = join(import.meta.dirname, '../bin/private-connect.js')
    const program = startProgram(['--import', oldNode, bin, 'ls'], {})
    expect(await program.exited).toBe(1)
    expect(program.output()).toMatch(/^private-connect needs Node 22\.19 or newer, this is 20\.20\.2\./)
  })
})
