import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findFreePort } from './kit/free-ports.ts'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { sendRaw } from './kit/send-raw.ts'
import { sharePort, type SharedPort } from './kit/share.ts'

const unknownToken = `share_tok_${'a'.repeat(26)}`

// Guarantee: whatever is wrong with a request, the answer is the documented one and says what to do.
describe('bad input', () => {
  let hub: TestHub
  let shared: SharedPort
  let app: Server

  beforeAll(async () => {
    app = createServer((_req, res) => res.end('hello')).listen(0, '127.0.0.1')
    await once(app, 'listening')
    hub = await startTestHub()
    shared = await sharePort(hub, (app.address() as AddressInfo).port, ['--host', '127.0.0.1', '--keep'])
  }, 120_000)

  afterAll(async () => {
    await shared?.stop()
    await hub?.remove()
    app?.close()
  })

  it('answers an unknown token with 404 and a token-free body', async () => {
    const answer = await fetch(`${hub.url}/shared/${unknownToken}/`)
    expect(answer.status).toBe(404)
    const text = await answer.text()
    expect(JSON.parse(text)).toMatchObject({ code: 'share.not_found', statusCode: 404 })
    expect(text).not.toContain(unknownToken)
  })

  it.each([
    ['a dot segment', `GET /shared/TOKEN/a/../b HTTP/1.1`],
    ['an encoded dot segment', `GET /shared/TOKEN/a/%2e%2e/b HTTP/1.1`],
    ['a backslash', `GET /shared/TOKEN/a\\..\\b HTTP/1.1`],
    ['a malformed percent', `GET /shared/TOKEN/%zz HTTP/1.1`],
  ])('answers 400 to %s', async (_, line) => {
    const head = line.replace('TOKEN', shared.share.token)
    expect(
      await sendRaw(hub.port, `${head}\r\nHost: localhost:${hub.port}\r\nConnection: close\r\n\r\n`),
    ).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('answers 400 to JSON that is none, 415 to another type, 413 to too much', async () => {
    const post = async (type: string, body: string) =>
      fetch(`${hub.url}/v1/agents/register`, {
        method: 'POST',
        headers: { 'x-api-key': hub.apiKey, 'content-type': type },
        body,
      })
    const malformed = await post('application/json', '{"name": ')
    expect([malformed.status, await malformed.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'request.malformed_json', requestId: expect.stringMatching(/^req_/) }),
    ])
    expect((await post('application/xml', '<a/>')).status).toBe(415)
    expect((await post('application/json', JSON.stringify({ name: 'x'.repeat(300_000) }))).status).toBe(413)
    const invalid = await post('application/json', '{"name": 5}')
    expect([invalid.status, await invalid.json()]).toEqual([
      400,
      expect.objectContaining({
        code: 'request.invalid',
        issues: [expect.objectContaining({ path: 'name' })],
      }),
    ])
  })

  it('answers 401 to a missing and to a wrong key, without saying which part is wrong', async () => {
    const missing = await fetch(`${hub.url}/v1/shares`)
    expect([missing.status, await missing.json()]).toEqual([
      401,
      expect.objectContaining({ code: 'auth.required' }),
    ])
    for (const key of ['pc_live_', `pc_live_${'a'.repeat(26)}`, 'nonsense']) {
      const wrong = await fetch(`${hub.url}/v1/shares`, { headers: { 'x-api-key': key } })
      expect([wrong.status, await wrong.json()]).toEqual([
        401,
        expect.objectContaining({ code: 'auth.invalid' }),
      ])
    }
  })

  it('answers 404 in the documented shape where nothing is', async () => {
    const answer = await fetch(`${hub.url}/v1/nothing`)
    expect([answer.status, await answer.json()]).toEqual([
      404,
      expect.objectContaining({ code: 'route.not_found' }),
    ])
  })

  it('answers 502 when nothing listens on the shared port any more', async () => {
    const port = await findFreePort()
    const other = await sharePort(hub, port, ['--host', '127.0.0.1', '--force'])
    const answer = await fetch(`${other.share.shareUrl}/`)
    expect([answer.status, await answer.json()]).toEqual([
      502,
      expect.objectContaining({ code: 'upstream.refused' }),
    ])
    await other.stop()
  })

  it('answers 503 with Retry-After while the agent is offline', async () => {
    await shared.stop('SIGKILL')
    await vi.waitFor(
      async () => {
        const answer = await fetch(`${shared.share.shareUrl}/`)
        expect([answer.status, await answer.json()]).toEqual([
          503,
          expect.objectContaining({ code: 'agent.offline' }),
        ])
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      },
      { timeout: 20_000 },
    )
  })
})
