import { once } from 'node:events'
import { createServer as createWebServer, type ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import {
  startLocalApp,
  startOwnedHub,
  visit,
  type LocalApp,
  type OwnedHub,
  type Program,
} from '@private-connect/sharing/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createCliUser, readShare, type CliUser } from './kit/cli.ts'

/*
 * Guarantee: `share <port>` makes exactly that port reachable by a link while it runs, tells who comes and every visit, outlasts
 * the hub's restart, and at the end takes back what it created. Real hub, database, tunnel, app and command, each a process of
 * its own.
 */
const deadline = { timeout: 30_000, interval: 100 }
let hub: OwnedHub
let app: LocalApp
let user: CliUser
let running: Program[]

const share = (...options: string[]): Program => {
  const program = user.run('share', String(app.port), '--json', ...options)
  running.push(program)
  return program
}

beforeAll(async () => {
  hub = await startOwnedHub()
  app = await startLocalApp()
})

beforeEach(() => {
  user = createCliUser(hub)
  running = []
})

afterEach(async () => {
  await Promise.all(running.map((program) => program.stop('SIGKILL')))
  user.remove()
})

afterAll(async () => {
  await app.close()
  await hub.remove()
})

describe('share', () => {
  it('opens the app by both forms of the link, shows each visit, and revokes it at Ctrl-C', async () => {
    const program = share('--name', 'demo')
    const { share: link, service } = await readShare(program)
    expect(service.protocol).toBe('http')
    expect(await visit(link.subdomainUrl, '/hello?x=1')).toEqual({
      status: 200,
      text: 'app saw GET /hello?x=1',
    })
    expect((await visit(link.shareUrl, '/path-form')).text).toBe('app saw GET /path-form')
    const [line] = await program.waitFor(/^\{"type":"visit".*"path":"\/hello".*\}$/m)
    expect(JSON.parse(line)).toMatchObject({
      visit: { shareId: link.id, method: 'GET', statusCode: 200, path: '/hello' },
    })
    await program.waitFor(/"path":"\/path-form"/)
    expect(await program.stop('SIGINT')).toBe(0)
    expect(program.output()).toMatch(/^\{"type":"end".*"isRevoked":true\}$/m)
    expect((await visit(link.subdomainUrl)).status).toBe(403)
    expect(program.output()).not.toContain(hub.apiKey)
    expect(program.output()).not.toContain('agent_tok_')
  })

  it('gives people a line for each visit', async () => {
    const program = user.run('share', String(app.port))
    running.push(program)
    const [, url = ''] = await program.waitFor(/^ {2}(http\S+)$/m)
    await visit(url, '/a/b?secret')
    await program.waitFor(/^\d\d:\d\d:\d\d {2}GET {5}200 {2}\/a\/b {2}\d+ ms {2}127\.0\.0\.1$/m)
    await visit(url, '/a%1b%5b2J')
    await program.waitFor(/GET {5}400 {2}\/a%1b%5b2J .* refused: request\.target_not_canonical$/m)
    expect(await program.stop('SIGTERM')).toBe(0)
    expect(program.output()).toContain('Revoked. Nothing is shared any more.')
  })

  it('tells of a visitor as soon as the app answers, once, and of the request when it is over', async () => {
    const held: ServerResponse[] = []
    const web = createWebServer((_request, response) => {
      response.write('begun ')
      held.push(response)
    }).listen(0, '127.0.0.1')
    await once(web, 'listening')
    const { port } = web.address() as { port: number }
    const program = user.run('share', String(port), '--json')
    running.push(program)
    const { share: link } = await readShare(program)
    const download = visit(link.subdomainUrl, '/download')
    const [line] = await program.waitFor(/^\{"type":"visitor".*\}$/m)
    expect(JSON.parse(line)).toMatchObject({
      visitor: { shareId: link.id, ipAddress: '127.0.0.1', isReturning: false },
    })
    expect(program.output()).not.toContain('/download')
    for (const response of held) response.end('done')
    expect((await download).text).toBe('begun done')
    await program.waitFor(/"type":"visit".*"path":"\/download"/)
    expect(program.output().match(/"type":"visitor"/g)).toHaveLength(1)
    web.close()
  })

  it('passes the limits on to the hub', async () => {
    const program = share(
      '--path',
      '/api/*',
      '--path',
      '/health',
      '--method',
      'get',
      '--expires',
      '1h',
      '--rate',
      '50',
    )
    const { share: link } = await readShare(program)
    expect((await visit(link.subdomainUrl, '/api/x')).status).toBe(200)
    expect((await visit(link.subdomainUrl, '/health')).status).toBe(200)
    expect((await visit(link.subdomainUrl, '/admin')).status).toBe(403)
    await program.waitFor(/"path":"\/admin".*"denied":"share\.path_not_allowed"/)
    const listed = user.run('ls', '--json')
    expect(await listed.exited).toBe(0)
    expect(listed.output()).toContain(
      '"allowedPaths":["/api/*","/health"],"allowedMethods":["GET"],"rateLimitPerMin":50',
    )
  })

  it('comes back by itself, with the same link, after the hub was killed', async () => {
    const program = share()
    const { share: link } = await readShare(program)
    await visit(link.subdomainUrl, '/before-the-restart')
    await program.waitFor(/"path":"\/before-the-restart"/)
    await program.waitFor(/"type":"visitor"/)
    await hub.kill()
    await hub.start()
    await vi.waitFor(async () => expect((await visit(link.subdomainUrl)).status).toBe(200), deadline)
    expect(program.output()).toMatch(/"type":"tunnel","status":\{"state":"waiting"/)
    await visit(link.subdomainUrl, '/after-the-restart')
    await program.waitFor(/"path":"\/after-the-restart"/)
    await visit(link.subdomainUrl, '/at-last')
    await program.waitFor(/"path":"\/at-last"/)
    // Each visit is told once, through the restart.
    const told = program.output().match(/"path":"\/(?:before|after)-the-restart"/g)
    expect(told).toEqual(['"path":"/before-the-restart"', '"path":"/after-the-restart"'])
    expect(program.output().match(/"type":"visitor"/g)).toHaveLength(1)
  })

  it('ends when the share is revoked from elsewhere', async () => {
    const program = share()
    const { share: link } = await readShare(program)
    const revoke = user.run('revoke', link.id)
    expect(await revoke.exited).toBe(0)
    expect((await visit(link.subdomainUrl)).status).toBe(403)
    expect(await program.exited).toBe(0)
    expect(program.output()).toContain('"reason":"revoked_elsewhere"')
  })

  it('shares two ports at once from one machine, each through an agent of its own', async () => {
    const other = await startLocalApp()
    const first = await readShare(share())
    const secondProgram = user.run('share', String(other.port), '--json')
    running.push(secondProgram)
    const second = await readShare(secondProgram)
    expect(second.agentId).not.toBe(first.agentId)
    for (const { share: link } of [first, second]) expect((await visit(link.subdomainUrl)).status).toBe(200)
    await secondProgram.stop()
    await other.close()
    expect((await visit(first.share.subdomainUrl)).status).toBe(200)
  })

  it('uses the same agent again, and with --keep the link works again', async () => {
    const before = share('--keep')
    const first = await readShare(before)
    expect(await before.stop()).toBe(0)
    expect(before.output()).toContain('"isRevoked":false')
    await vi.waitFor(async () => expect((await visit(first.share.subdomainUrl)).status).toBe(503), deadline)
    const again = await readShare(share())
    expect(again.agentId).toBe(first.agentId)
    expect((await visit(first.share.subdomainUrl)).status).toBe(200)
    expect(await user.run('revoke', first.share.id).exited).toBe(0)
  })

  it('takes another service name where another machine has it', async () => {
    const first = await readShare(share('--service-name', 'contested'))
    const neighbour = createCliUser(hub)
    const program = neighbour.run('share', String(app.port), '--json', '--service-name', 'contested')
    running.push(program)
    expect(first.service.name).toBe('contested')
    expect((await readShare(program)).service.name).toBe('contested-2')
    neighbour.remove()
  })

  it('serves nothing but the port that was shared, though the service points elsewhere on the hub', async () => {
    const secret = createServer((socket) => socket.end('SECRET')).listen(0, '127.0.0.1')
    await once(secret, 'listening')
    const { port: targetPort } = secret.address() as { port: number }
    const { share: link, agentId, service } = await readShare(share())
    const body = { agentId, name: service.name, targetHost: '127.0.0.1', targetPort, protocol: 'http' }
    const headers = { 'x-api-key': hub.apiKey, 'content-type': 'application/json' }
    const moved = await fetch(`${hub.url}/v1/services/register`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    expect(moved.status).toBe(200)
    expect((await visit(link.subdomainUrl)).text).toContain('app saw')
    secret.close()
  })

  it('leaves at once on a second Ctrl-C, when the hub does not answer', async () => {
    const program = share()
    await readShare(program)
    const hubProcess = hub.program().child
    hubProcess.kill('SIGSTOP')
    try {
      program.child.kill('SIGINT')
      const early = await Promise.race([
        program.exited,
        new Promise((done) => setTimeout(() => done('still revoking'), 500)),
      ])
      expect(early).toBe('still revoking')
      program.child.kill('SIGINT')
      expect(await program.exited).toBe(130)
    } finally {
      hubProcess.kill('SIGCONT')
    }
  })
})
